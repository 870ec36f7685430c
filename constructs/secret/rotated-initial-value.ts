import { pathOf, pointerOf } from '../../rules/json-pointer.ts';
import type { RotationNeeds } from '../targets/rotation-needs.ts';
import { isReference } from '../terraform/references.ts';
import { checkInitialValue, type InitialValue, initialValueRefused, partAt, secretStringOf } from './initial-value.ts';

/**
 * The first version's string of a secret that rotates, or undefined where there is nothing to write: a plain string that
 * the first rotation makes.
 * @throws INITIAL_VALUE
 */
export function rotatedSecretString(
  initial: InitialValue | undefined,
  { format, generatedFields }: RotationNeeds,
  rotateImmediately: boolean,
): string | undefined {
  if (initial !== undefined) checkInitialValue(initial);
  if (typeof initial === 'string') return secretStringOf(initial);
  if (format === 'text') {
    if (initial !== undefined) {
      throw initialValueRefused(
        "has fields, but the secret is one plain string (format 'text'). Expected an EphemeralVariable, or nothing",
      );
    }
    if (rotateImmediately) return undefined;
    throw initialValueRefused('is missing, and rotateImmediately is false: nothing would make the first value');
  }
  const fields = initial ?? {};
  for (const field of generatedFields) {
    const path = pathOf(field);
    checkPlace(field, path, fields);
    checkGeneratedField(field, partAt(fields, path), rotateImmediately);
  }
  return secretStringOf(fields);
}

/** Refuses what the first rotation would: a pointer that leads into nothing, and a name with a dot that names no field. */
function checkPlace(field: string, path: readonly string[], fields: object): void {
  const parent = partAt(fields, path.slice(0, -1));
  if (!isReference(parent) && (typeof parent !== 'object' || parent === null)) {
    throw initialValueRefused(
      `has no object at ${pointerOf(path.slice(0, -1))}, in which rotation changes ${field}. Give it one, which may be empty`,
    );
  }
  if (field.startsWith('/') || !field.includes('.') || partAt(fields, path) !== undefined) return;
  throw initialValueRefused(
    `has no top-level field "${field}". Write ${pointerOf(field.split('.'))} for a field within another one, or ` +
      `${pointerOf([field])} to add a top-level field of that name`,
  );
}

function checkGeneratedField(field: string, value: unknown, rotateImmediately: boolean): void {
  if (isReference(value)) return;
  if (value !== undefined) {
    throw initialValueRefused(
      `has a literal for "${field}", which rotation makes: it would be in the code and in the plan. Leave it out, or give ` +
        'it the stringValue of an EphemeralVariable',
    );
  }
  if (rotateImmediately) return;
  throw initialValueRefused(
    `has no "${field}", and rotateImmediately is false: applications would find none until the first scheduled rotation. ` +
      'Give it from an EphemeralVariable, or leave rotateImmediately out',
  );
}
