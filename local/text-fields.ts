/** The fields of a request that are texts, before anything checked the request. */
export function textFields(input: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof input !== 'object' || input === null) return {};
  return Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === 'string'));
}
