/** The fields of a request that are strings, before the request was checked. */
export function textFields(input: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof input !== 'object' || input === null) return {};
  return Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === 'string'));
}
