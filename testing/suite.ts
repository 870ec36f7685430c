import type { StrategyLab } from './strategy-lab.ts';
import type { Tally } from './tally.ts';
import type { FunctionRequest } from './trouble.ts';
import type { Point } from './try-all.ts';

/** What the parts of the contract share. The labs are there once the tests run. */
export interface Suite {
  readonly lab: StrategyLab;
  readonly labs: readonly StrategyLab[];
  /** The function's requests in a rotation without trouble. */
  cleanRequests(): Promise<readonly FunctionRequest[]>;
  /** Adds a row to the table that is printed. */
  counted(what: string): Tally;
  /** Notes what the target would have to have for a test, to be printed. @returns why the test is skipped */
  missing(what: string): string;
  /** All points, or a few of them in a quick run. */
  few(points: readonly Point[]): readonly Point[];
}
