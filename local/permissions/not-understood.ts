/** Something in a policy that is unknown here. It must stop the evaluation: if it were skipped, it might have allowed or denied. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** An element's strings: one, or a list of at least one. None may contain a policy variable such as `${aws:username}`. */
export function stringsOf(element: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((each) => typeof each === 'string');
  if (list.length === 0 || strings.length < list.length) {
    throw new NotUnderstood(`${element}, which is neither a string nor a list of strings`);
  }
  const [variable] = strings.flatMap((text) => /\$\{[^}]*\}?/.exec(text) ?? []);
  if (variable !== undefined) throw new NotUnderstood(`the policy variable ${variable} in ${element}`);
  return strings;
}

/** An element's fields. */
export function fieldsOf(element: string, value: unknown): [name: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NotUnderstood(`${element}, which is not an object`);
  }
  return Object.entries(value);
}
