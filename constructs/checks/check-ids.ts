import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';

/**
 * @param option what gives the ids, as its user wrote it
 * @param prefix how each begins, such as `subnet-`
 * @throws OPTIONS where there is none, or one that is no id
 */
export function checkIds(option: string, ids: readonly string[], prefix: string): void {
  const example = `Expected one or more such as ${prefix}0123456789abcdef0`;
  if (isReference(ids)) return;
  if (!Array.isArray(ids) || ids.length === 0)
    throw new ConstructError('OPTIONS', `${option} is empty or not a list. ${example}.`);
  const wrong = ids.find((id) => !isReference(id) && !new RegExp(`^${prefix}[0-9a-f]+$`).test(id));
  if (wrong !== undefined) throw new ConstructError('OPTIONS', `${option} has "${wrong}". ${example}.`);
}
