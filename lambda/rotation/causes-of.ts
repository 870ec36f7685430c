/** Enough for any real chain; a ring of causes would have no end. */
const MOST = 10;

/** An error, its causes and the errors it gathers, outermost first: what failed often stands only in the last. */
export function causesOf(error: unknown): readonly unknown[] {
  const found = [error];
  for (let at = 0; at < found.length && at < MOST; at += 1) {
    const each = found[at];
    if (each instanceof Error && each.cause) found.push(each.cause);
    if (each instanceof AggregateError) found.push(...each.errors);
  }
  return found.slice(0, MOST);
}
