import { setTimeout as sleep } from 'node:timers/promises';
import { handOut } from './held-version.ts';
import type { CandidateOptions } from './rotating-secret.ts';
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
  /** Whether others have looked for another version than this for as long, in vain, a moment ago. */
  isVain(seconds: number): boolean;
  /** Says that there was none in so many seconds. */
  giveUp(seconds: number): void;
  /** Ends the waiting. */
  readonly closed: AbortSignal;
}

/** Half a second to one and a half: a refresh is made once a second, and not by all machines at once. */
const pollMs = () => 500 + Math.random() * 1_000;

/**
 * The versions to try in turn. Within one rotation of a secret with one user, the target knows the new password a moment before
 * Secrets Manager calls it current: so the pending version is the next best one after a refresh.
 */
export async function* candidates<Value>(
  source: VersionSource<Value>,
  { timeoutSeconds = 5 }: CandidateOptions = {},
): AsyncGenerator<Value, void, undefined> {
  const refused = new Set<string>();
  let deadlineMs = Number.POSITIVE_INFINITY;
  let next: Version<Value> | undefined = await source.current();
  while (next) {
    yield handOut(next);
    // Who asks for another one was refused with this one.
    if (refused.size === 0) deadlineMs = performance.now() + timeoutSeconds * 1000;
    refused.add(next.versionId);
    source.refuse(next.versionId);
    next = await another(source, refused, deadlineMs, timeoutSeconds);
  }
}

/** @returns undefined where there is none in time */
async function another<Value>(
  source: VersionSource<Value>,
  refused: ReadonlySet<string>,
  deadlineMs: number,
  timeoutSeconds: number,
): Promise<Version<Value> | undefined> {
  const isNew = (found: Version<Value> | undefined) => found !== undefined && !refused.has(found.versionId);
  // Another caller may have been refused before, and found it.
  const held = source.held();
  if (isNew(held)) return held;
  const leftMs = () => deadlineMs - performance.now();
  const refreshed = await within(leftMs(), source.refreshed());
  if (isNew(refreshed)) return refreshed;
  const pending = await within(leftMs(), source.pinPending(refused));
  if (pending) return pending;
  if (source.isVain(timeoutSeconds)) return undefined;
  while (leftMs() > 0 && !source.closed.aborted) {
    await sleep(Math.min(pollMs(), leftMs()), undefined, { signal: source.closed }).catch(() => {});
    const found = await within(leftMs(), source.refreshed());
    if (isNew(found)) return found;
  }
  source.giveUp(timeoutSeconds);
  return undefined;
}

/** What a read brings, or undefined where it takes longer: it goes on for whoever else waits for it. */
async function within<Found>(ms: number, read: Promise<Found>): Promise<Found | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([read, sleep(Math.max(0, ms), undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
