import type { StandardSchemaV1 } from '@standard-schema/spec';
import { valueAt } from '../../rules/json-pointer.ts';

/**
 * A schema for a JSON object that holds these fields, each a string that is not empty; others are let through. It spares
 * a simple strategy a schema library.
 */
export function stringFields<Name extends string>(
  ...names: readonly Name[]
): StandardSchemaV1<unknown, Readonly<Record<Name, string>>> {
  return stringsAt(names.map((name) => [name]));
}

/** A schema for a JSON object that holds, at each of these paths, a string that is not empty. */
export function stringsAt<Value = unknown>(paths: readonly (readonly string[])[]): StandardSchemaV1<unknown, Value> {
  return schema((value) =>
    paths
      .filter((path) => !isText(valueAt(value, path)))
      .map((path) => ({ message: 'not a string', path, expected: 'a string' })),
  );
}

/** A schema for a secret that is one plain string, and not empty. */
export const plainString: StandardSchemaV1<unknown, string> = schema((value) =>
  isText(value) ? [] : [{ message: 'not a string', expected: 'a string' }],
);

const isText = (value: unknown) => typeof value === 'string' && value !== '';

function schema<Value>(
  issuesOf: (value: unknown) => readonly (StandardSchemaV1.Issue & { expected: string })[],
): StandardSchemaV1<unknown, Value> {
  const validate = (value: unknown): StandardSchemaV1.Result<Value> => {
    const issues = issuesOf(value);
    return issues.length > 0 ? { issues } : { value: value as Value };
  };
  return { '~standard': { version: 1, vendor: 'rotaform', validate } };
}
