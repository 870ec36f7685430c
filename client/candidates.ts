import { aFunction, checkTimeout, expect } from './check-options.ts';
import { handOut } from './held-version.ts';
import { isWithin, NEVER_MS } from './is-within.ts';
import { pause } from './pause.ts';
import type { CandidateOptions, RetryOptions } from './rotating-secret.ts';
import type { VersionValue as Version } from './version-reader.ts';

/** What is needed of a secret to find another version than the ones that were refused. */
export interface VersionSource<Value> {
  /** What `get()` gives. @throws SecretReadError */
  current(): Promise<Version<Value>>;
  /** What is held now, without a call. */
  held(): Version<Value> | undefined;
  /** What is held after a refresh, whether that succeeded or not. */
  refreshed(): Promise<Version<Value> | undefined>;
  /** The version that a rotation prepares, handed out from now on; undefined where there is none to be seen but these. */
  pinPending(refused: ReadonlySet<string>): Promise<Version<Value> | undefined>;
  /** Says that what the secret opens refused the version. */
  refuse(versionId: string): void;
  /** Ends the waiting. */
  readonly closed: AbortSignal;
}

/** After a search for another version in vain: so long nobody else waits for one, which would take as long and find as little. */
const VAIN_MS = 60_000;
/** What `setTimeout` can take. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Half a second to one and a half: a refresh is made once a second, and not by all machines at once. */
const pollMs = () => 500 + Math.random() * 1_000;

/** Tries the versions of a secret in turn. */
export function candidateSearch<Value>({ current, held, refreshed, pinPending, refuse, closed }: VersionSource<Value>) {
  /** The version for which there was no other, how long that was looked for, and when. */
  let vain: { readonly versionId: string | undefined; readonly seconds: number; readonly sinceMs: number } | undefined;

  /** @returns undefined where there is none in time */
  async function another(refused: ReadonlySet<string>, seconds: number, deadlineMs: number) {
    const leftMs = () => Math.max(0, deadlineMs - performance.now());
    const isNew = (found: Version<Value> | undefined) => found !== undefined && !refused.has(found.versionId);
    // Another caller may have been refused before, and found it.
    let found = held();
    if (isNew(found)) return found;
    found = await within(leftMs(), refreshed());
    if (isNew(found)) return found;
    found = await within(leftMs(), pinPending(refused));
    if (found) return found;
    const versionId = held()?.versionId;
    const isVain =
      vain?.versionId === versionId && vain && vain.seconds >= seconds && isWithin(Date.now(), vain.sinceMs, VAIN_MS);
    while (!isVain && leftMs() > 0 && !closed.aborted) {
      await pause(Math.min(pollMs(), leftMs()), closed);
      found = await within(leftMs(), refreshed());
      if (isNew(found)) return found;
    }
    if (!isVain) vain = { versionId: held()?.versionId, seconds, sinceMs: Date.now() };
    return undefined;
  }

  /**
   * Within one rotation of a secret with one user, the target knows the new password a moment before Secrets Manager calls it
   * current: so the pending version is the next best one after a refresh.
   */
  async function* candidates({ timeoutSeconds = 5 }: CandidateOptions = {}): AsyncGenerator<Value, void, undefined> {
    checkTimeout(timeoutSeconds);
    const refused = new Set<string>();
    let deadlineMs = NEVER_MS;
    let next: Version<Value> | undefined = await current();
    while (next) {
      yield handOut(next);
      // Who asks for another one was refused with this one.
      if (refused.size === 0) deadlineMs = performance.now() + timeoutSeconds * 1000;
      refused.add(next.versionId);
      refuse(next.versionId);
      next = await another(refused, timeoutSeconds, deadlineMs);
    }
  }

  return {
    candidates,
    async withRetry<Result>(attempt: (value: Value) => Promise<Result>, options: RetryOptions): Promise<Result> {
      expect('option refused', options?.refused, aFunction);
      let failure: unknown;
      for await (const value of candidates(options)) {
        try {
          const result = await attempt(value);
          vain = undefined;
          return result;
        } catch (error) {
          if (!options.refused(error)) throw error;
          failure = error;
        }
      }
      throw failure;
    },
  };
}

/** What a read brings, or undefined where it takes longer: it goes on for whoever else waits for it. */
function within<Found>(ms: number, read: Promise<Found>): Promise<Found | undefined> {
  return new Promise<Found | undefined>((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), Math.min(ms, LONGEST_TIMER_MS));
    read.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
