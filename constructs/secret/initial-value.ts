import { valueAt } from '../../rules/json-pointer.ts';
import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';
import { jsonTemplate } from './json-template.ts';

/** Secrets Manager's limit for a secret value, in bytes. */
const MAX_BYTES = 65_536;

/**
 * The value of a secret's first version.
 *
 * - An object: its fields as JSON. A field that is secret may only be an ephemeral variable.
 * - A string: the whole value, from an ephemeral variable (`EphemeralVariable`'s `stringValue`).
 */
export type InitialValue = Readonly<Record<string, unknown>> | string;

/**
 * The first version's string as Terraform gets it.
 * @throws INITIAL_VALUE
 */
export function secretStringOf(initial: InitialValue): string {
  if (typeof initial === 'string') return initial;
  const json = jsonTemplate(initial);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_BYTES) throw initialValueRefused(`has ${bytes} bytes. Secrets Manager accepts at most ${MAX_BYTES}`);
  return json;
}

/**
 * The parts of a value that Terraform must not keep: a whole string, or the fields that are secret.
 * @param paths where those fields stand
 */
export function secretPartsOf(initial: InitialValue, paths: readonly (readonly string[])[]): readonly unknown[] {
  if (typeof initial === 'string') return [initial];
  return paths.map((path) => partAt(initial, path)).filter((part) => part !== undefined);
}

/** The part of a value that holds what is at a path: that, or the reference that it is within. */
export function partAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined || isReference(value)) return value;
  return partAt(valueAt(value, [name]), rest);
}

/** @throws INITIAL_VALUE for what is neither an object nor a string that Terraform gets from elsewhere */
export function checkInitialValue(initial: InitialValue): void {
  if (typeof initial === 'string') {
    if (isReference(initial) && /^\$\{TfToken\[[^\]]+\]\}$/.test(initial)) return;
    if (isReference(initial)) {
      throw initialValueRefused(
        'is a text with a reference in it: its literal part would be in the plan, and quotes in the value would break it. ' +
          'Expected an object of fields, or only the reference',
      );
    }
    throw initialValueRefused(
      'is a literal string, which would be in the plan. Expected the stringValue of an EphemeralVariable',
    );
  }
  if (typeof initial === 'object' && initial !== null && !Array.isArray(initial)) return;
  throw initialValueRefused('is not an object of fields. Expected one, such as { username: "app" }');
}

export function initialValueRefused(problem: string): ConstructError {
  return new ConstructError('INITIAL_VALUE', `The secret's initial value ${problem}.`);
}
