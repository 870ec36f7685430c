import type { RotationErrorCode } from './rotation-error.ts';
import type { CreateContext } from './rotation-strategy.ts';

/** One thing that a check looked at. No value of a secret is in it. */
export interface Look {
  /** Such as `The login of app`. */
  readonly what: string;
  readonly outcome: 'passed' | 'failed' | 'not checked';
  /** Of what failed. */
  readonly code?: RotationErrorCode;
  /** What was found and what to do, or why nothing was checked. */
  readonly message?: string;
}

/** What the function answers to a check. */
export interface CheckReport {
  readonly checks: readonly Look[];
}

/**
 * What `check` may use. There is no pending version: `versionId` is the word `check`, `isPending` says false, and `changeBack` does
 * nothing.
 */
export interface CheckContext<Pending> extends CreateContext {
  /**
   * Looks at one thing. What the work throws stands in the report, with its code, and does not end the check.
   * @param what begins a row, such as `The login of app`
   * @returns what the work gave; undefined if it failed
   */
  look<Found>(what: string, work: () => Found | Promise<Found>): Promise<Found | undefined>;
  /** Says that something cannot be checked, and why. */
  skip(what: string, why: string): void;
  /**
   * What createSecret would store, checked as it would be, and stored nowhere. It calls `create`, so use it if that changes nothing at
   * the target.
   */
  newValue(): Promise<Pending>;
}
