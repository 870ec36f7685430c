/** JSON in which dates are seconds since 1970, as AWS writes them. */
export function stringifyJson(output: unknown): string {
  return JSON.stringify(output, datesAsSeconds);
}

function datesAsSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // `value` is already a string: JSON.stringify calls a date's toJSON before it calls us.
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}
