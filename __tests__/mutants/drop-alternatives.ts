/** A regular expression without one of its alternatives. */
export interface Without {
  readonly alternative: string;
  /** What stands in the source now. */
  readonly pattern: string;
  readonly rest: string;
}

/** Each alternative of each group of a regular expression, dropped alone. */
export function dropAlternatives({ pattern }: { pattern: string } = { pattern: '' }): Without[] {
  const found: Without[] = [];
  for (const bars of barsByGroup(pattern)) {
    const parts = bars.slice(1).map((end, index) => ({ start: (bars[index] ?? 0) + 1, end }));
    if (parts.length < 2) continue;
    for (const [index, { start, end }] of parts.entries()) {
      const rest =
        index === 0
          ? pattern.slice(0, start) + pattern.slice(end + 1)
          : pattern.slice(0, start - 1) + pattern.slice(end);
      found.push({ alternative: pattern.slice(start, end), pattern, rest });
    }
  }
  return found;
}

/** For each group, and for the whole: where it begins, where its bars stand, and where it ends. */
function barsByGroup(pattern: string): number[][] {
  const groups: number[][] = [];
  const open: number[][] = [[-1]];
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '\\') at += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (inClass) continue;
    else if (character === '(') open.push([pattern.startsWith('?:', at + 1) ? at + 2 : at]);
    else if (character === '|') open.at(-1)?.push(at);
    else if (character === ')') groups.push([...(open.pop() ?? []), at]);
  }
  return [...groups, [...(open.pop() ?? []), pattern.length]];
}
