import { pathOf, pointerOf, valueAt } from '../../rules/json-pointer.ts';
import { kindOf } from '../../rules/kind-of.ts';
import { RotationError } from './rotation-error.ts';

/** A change within a field: its other members stay as they are. */
export class NestedChange {
  readonly members = new Map<string, unknown>();
}

/**
 * A change of fields that are named by JSON Pointers, or by the names of top-level fields.
 * @param current what the secret holds
 * @param whose names it in an error, such as `AWSCURRENT of my-app/db`
 * @throws SECRET_VALUE if the object that a pointer leads into is not there, or if a name with a dot names no field: it would
 *   be added beside the one that is meant
 */
export function changeOf(
  current: unknown,
  values: Readonly<Record<string, unknown>>,
  whose: string,
): Readonly<Record<string, unknown>> {
  const change = new NestedChange();
  for (const [field, value] of Object.entries(values)) {
    const path = pathOf(field);
    const last = path.at(-1) ?? '';
    checkParent(current, path, whose);
    if (!field.startsWith('/') && field.includes('.') && valueAt(current, path) === undefined) {
      throw new RotationError(
        'SECRET_VALUE',
        `${whose} has no top-level field "${field}". Write ${pointerOf(field.split('.'))} for a field within another one, ` +
          `or ${pointerOf([field])} to add a top-level field of that name.`,
      );
    }
    const parent = path.slice(0, -1).reduce((within, name) => {
      const inner = within.members.get(name) ?? new NestedChange();
      within.members.set(name, inner);
      return inner as NestedChange;
    }, change);
    parent.members.set(last, value);
  }
  return Object.fromEntries(change.members);
}

function checkParent(current: unknown, path: readonly string[], whose: string): void {
  const place = path.slice(0, -1);
  if (place.length === 0) return;
  const parent = valueAt(current, place);
  const last = path.at(-1) ?? '';
  if (Array.isArray(parent) ? Object.hasOwn(parent, last) && last !== 'length' : isObject(parent)) return;
  const found = Array.isArray(parent)
    ? `an array of ${parent.length} at ${pointerOf(place)}`
    : parent === undefined
      ? `nothing at ${pointerOf(place)}`
      : `${kindOf(parent)} at ${pointerOf(place)}`;
  throw new RotationError(
    'SECRET_VALUE',
    `${whose} has ${found}. Expected an object there, in which ${pointerOf(path)} can change: correct the field, or the secret.`,
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
