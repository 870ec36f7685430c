/**
 * Where a field stands in a JSON document: a name is a top-level field; what begins with a slash is a JSON Pointer, such as
 * `/db/password`.
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function pathOf(field: string): readonly string[] {
  if (!field.startsWith('/')) return [field];
  return field.slice(1).split('/').map(unescaped);
}

/** Why a text names no field, or undefined. */
export function checkField(field: string): string | undefined {
  if (field === '' || /[,\s]/.test(field)) return 'a name has at least one character, and no comma or space';
  if (!field.startsWith('/')) return undefined;
  if (/~(?![01])/.test(field)) return 'in a JSON Pointer, "~" is written as ~0, and "/" within a name as ~1';
  return pathOf(field).includes('') ? 'a JSON Pointer has a name after each slash: /db/password' : undefined;
}

/** The value at a path, or undefined. In an array, a name is an index. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isThere && !(Array.isArray(value) && name === 'length') ? Reflect.get(value, name) : undefined;
  }, document);
}

/** Whether the one path leads to the other, or is the same. */
export function leadsTo(path: readonly string[], other: readonly string[]): boolean {
  return path.length <= other.length && path.every((name, index) => name === other[index]);
}

/** The path as a JSON Pointer. */
export function pointerOf(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}
