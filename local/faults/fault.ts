import { actions } from '../secrets-manager/actions.ts';

/** What a fault can do to a call. */
export const FAULT_KINDS = [
  'fail-before',
  'fail-after',
  'throttle',
  'delay',
  'stale',
  'kill-before',
  'kill-after',
] as const;

/**
 * - `fail-before`: nothing happens, and the answer is `InternalServiceError` (HTTP 500)
 * - `fail-after`: the call takes effect, and the connection ends without an answer
 * - `throttle`: nothing happens, and the answer is `ThrottlingException` (HTTP 400)
 * - `delay`: the call waits for `delayMs` before anything happens
 * - `stale`: a read answers with the secret's versions and labels as they were before their latest change
 * - `kill-before`, `kill-after`: the function's process is killed, before or after the call has taken effect
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Something that goes wrong with calls to Secrets Manager. */
export interface Fault {
  /** Such as `PutSecretValue`; `*` for every action. */
  readonly action: string;
  readonly kind: FaultKind;
  /** The first call that it hits, counted from 1 among the matching calls since the fault was added. @default 1 */
  readonly nth?: number;
  /** How many calls in a row it hits. `Infinity` means all. @default 1 */
  readonly times?: number;
  /**
   * How many of the AWS SDK's attempts at one call it hits. The SDK repeats a call that fails for a moment, so the function
   * does not notice a fault that hits one attempt.
   * @default Infinity: every attempt fails
   */
  readonly attempts?: number;
  /** Milliseconds. For the kind `delay` only. */
  readonly delayMs?: number;
  /** Whose calls: only those of functions, or everyone's. @default 'functions' */
  readonly callers?: 'functions' | 'everyone';
}

/** The actions that only read, so that an old state can answer them. */
const READS = ['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds'];

/** The most calls, and the most milliseconds that Lambda lets a function run. */
const MOST = 900_000;

/**
 * Refuses a fault that could never strike, or would not strike as intended.
 *
 * @throws RangeError with the field, what it is, and what was expected.
 */
export function checkFault({ action, kind, nth = 1, times = 1, attempts = 1, ...fault }: Fault): void {
  expectOneOf('kind', kind, FAULT_KINDS);
  const known = kind === 'stale' ? READS : [...actions.keys()];
  expectOneOf(kind === 'stale' ? 'action, of the kind "stale",' : 'action', action, ['*', ...known]);
  expectOneOf('callers', fault.callers ?? 'functions', ['functions', 'everyone']);
  expectCount('nth', nth);
  expectCount('times', times, Number.POSITIVE_INFINITY);
  expectCount('attempts', attempts, Number.POSITIVE_INFINITY);
  if ((kind === 'delay') !== (fault.delayMs !== undefined)) {
    const found = kind === 'delay' ? '"delay" and has no delayMs' : `"${kind}"`;
    throw new RangeError(`A fault of the kind "delay" has a delayMs, and no other kind does. This one is ${found}.`);
  }
  if (fault.delayMs !== undefined) expectCount('delayMs', fault.delayMs);
  if (kind.startsWith('kill-') && fault.callers === 'everyone') {
    throw new RangeError(
      `A fault's callers cannot be "everyone" with "${kind}": only a function's process can be killed.`,
    );
  }
}

/** Whether calls of that action can meet the fault. */
export function concerns(fault: Fault, action: string): boolean {
  if (fault.action !== '*') return fault.action === action;
  return fault.kind !== 'stale' || READS.includes(action);
}

function expectOneOf(field: string, found: string, expected: readonly string[]): void {
  if (expected.includes(found)) return;
  throw new RangeError(`A fault's ${field} is "${found}". Expected one of: ${expected.join(', ')}.`);
}

function expectCount(field: string, found: number, most = MOST): void {
  if (found >= 1 && found <= most && (Number.isInteger(found) || found === Number.POSITIVE_INFINITY)) return;
  const expected = most === MOST ? `from 1 to ${MOST}` : 'from 1, or Infinity';
  throw new RangeError(`A fault's ${field} is ${found}. Expected a whole number ${expected}.`);
}
