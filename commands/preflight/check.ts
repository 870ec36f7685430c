import type { RotationErrorCode } from '../../lambda/rotation/rotation-error.ts';
import { errorEntry } from '../error-entry.ts';

/**
 * What only `preflight` finds, from outside of the function.
 *
 * - `NO_FUNCTION` – the rotation function is not there.
 * - `NOT_INVOCABLE` – Secrets Manager may not invoke it, or it cannot run.
 * - `OLD_FUNCTION` – its code is older than `preflight`, and does not know what it is asked.
 * - `NO_SCHEDULE` – the secret rotates only by hand.
 */
type PreflightFinding = 'NO_FUNCTION' | 'NOT_INVOCABLE' | 'OLD_FUNCTION' | 'NO_SCHEDULE';

/** What `status` finds as well, and the errors of the function that are seen from outside. */
type SharedFinding = 'CANCELED' | 'PENDING';

export interface Check {
  readonly what: string;
  readonly outcome: 'passed' | 'failed' | 'not checked';
  readonly code?: RotationErrorCode | PreflightFinding | SharedFinding;
  /** What was found and what to do; or why nothing was checked. */
  readonly message?: string;
  /** Where `docs/errors.md` says more. */
  readonly entry?: string;
}

const FINDINGS: readonly string[] = [
  ...(['NO_FUNCTION', 'NOT_INVOCABLE', 'OLD_FUNCTION', 'NO_SCHEDULE'] satisfies PreflightFinding[]),
  ...(['CANCELED', 'PENDING'] satisfies SharedFinding[]),
];

export const passed = (what: string, message?: string): Check => ({
  what,
  outcome: 'passed',
  ...(message !== undefined && { message }),
});

export const notChecked = (what: string, message: string): Check => ({ what, outcome: 'not checked', message });

export function failed(what: string, code: NonNullable<Check['code']>, message: string): Check {
  const entry = errorEntry(FINDINGS.includes(code) ? 'Finding' : 'Function', code);
  return { what, outcome: 'failed', code, message, entry };
}

/**
 * What a look at AWS gives. If it cannot be made, the other looks still can.
 * @param needs the permission, such as `lambda:GetPolicy`
 */
export async function looked(
  what: string,
  needs: string,
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    const { name, message } = error as Error;
    if (/not authorized to perform/.test(message)) return [notChecked(what, `You may not look: this needs ${needs}.`)];
    return [notChecked(what, `AWS answered: ${message} (${name})`)];
  }
}
