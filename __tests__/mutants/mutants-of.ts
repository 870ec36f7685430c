import { editsOf } from './edits-of.ts';

/** One small change of a source. */
export interface Mutant {
  /** What was done, such as `removed: deadline.end();`. */
  readonly change: string;
  readonly line: number;
  readonly source: string;
}

/** Every mutant of a TypeScript source, in the order of its lines. */
export function mutantsOf(source: string): Mutant[] {
  return editsOf(source).map(({ change, line, start, end, replacement }) => ({
    change,
    line,
    source: source.slice(0, start) + replacement + source.slice(end),
  }));
}
