/** How many points of one kind were tried, and what became of them. */
export interface Tally {
  readonly what: string;
  tried: number;
  survived: number;
  /** At how many of them `AWSCURRENT` was refused until the retry. */
  refusedUntilRetry: number;
}

/**
 * A table of tallies, for a person to read.
 * @param missing what the target would have to have for the tests that were skipped
 */
export function tallyTable(strategy: string, tallies: readonly Tally[], missing: readonly string[] = []): string {
  const head = ['', 'tried', 'survived', 'refused until retry'];
  const rows = tallies.map(({ what, tried, survived, refusedUntilRetry }) =>
    [what, tried, survived, refusedUntilRetry].map(String),
  );
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const notTried = missing.length === 0 ? [] : [`Not tried, since the target has no ${missing.join(', ')}.`];
  return [`The contract of "${strategy}"`, line(head), ...rows.map(line), ...notTried].join('\n');
}
