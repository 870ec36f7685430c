import { setMaxListeners } from 'node:events';
import type { CacheContext } from './cache-context.ts';
import type { VersionSource } from './candidates.ts';
import { publishRefused, publishRotated } from './diagnostics.ts';
import { Flight } from './flight.ts';
import { type HeldVersion, holdVersion, isFresh, isStaleWithin, onThisClock } from './held-version.ts';
import { Pace } from './pace.ts';
import type { ValueOptions } from './read-value.ts';
import type { StoredVersion } from './read-version.ts';
import type { SecretStatus } from './rotating-secret.ts';
import { isPassing, SecretReadError } from './secret-read-error.ts';
import type { Releasable } from './value-bound.ts';
import { VersionReader, type VersionValue } from './version-reader.ts';

/** What a cache knows of one secret under one label: the version that is held, the read under way, and how reads fare. */
export class SecretEntry<Value> implements VersionSource<Value>, Releasable {
  readonly #reader: VersionReader<Value>;
  readonly #listeners = new Set<(value: Value) => void>();
  readonly #flight = new Flight<HeldVersion<Value>>();
  readonly #pendingFlight = new Flight<HeldVersion<Value> | undefined>();
  readonly #pace = new Pace();
  readonly #pendingPace = new Pace();
  readonly #closed = new AbortController();
  readonly #longestReadMs: number;
  #held: HeldVersion<Value> | undefined;
  /** Survives the value, so that a change is noticed after it was let go. */
  #lastVersionId: string | undefined;
  /** What a pinned version stands in for: a read that brings it back changes nothing. */
  #refusedVersionId: string | undefined;
  #failure: SecretReadError | undefined;
  #isUsed = false;

  constructor(
    readonly secretId: string,
    readonly versionStage: string,
    options: ValueOptions<Value>,
    private readonly context: CacheContext,
    /** Whom the cache finds by its name, for as long as a value is held. */
    readonly owner: object,
  ) {
    // As many as wait for another version; Node.js 20 takes more than ten for a leak.
    setMaxListeners(0, this.#closed.signal);
    this.#reader = new VersionReader(secretId, options, context);
    this.#longestReadMs = (context.timeoutSeconds + 1) * 1000;
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  held(): HeldVersion<Value> | undefined {
    return this.#held;
  }

  /** What is held, where it is fresh. */
  fresh(): HeldVersion<Value> | undefined {
    const held = this.#held;
    if (held === undefined || !isFresh(held, Date.now())) return undefined;
    this.#isUsed = true;
    this.context.counts.hits += 1;
    return held;
  }

  /** What may be handed out, whatever that takes. */
  async current(): Promise<HeldVersion<Value>> {
    const fresh = this.fresh();
    if (fresh) return fresh;
    this.#refuseClosed();
    const { counts, staleIfErrorSeconds, staleWhileRevalidateSeconds } = this.context;
    const now = Date.now();
    const held = this.#held && onThisClock(this.#held, now);
    this.#held = held;
    this.#isUsed = held !== undefined;
    const mayRead = this.#pace.mayRead(now) || this.#flight.isRunning;
    // Where a read has just failed, waiting for the next one would not help.
    const staleSeconds = this.#pace.isFailing ? staleIfErrorSeconds : staleWhileRevalidateSeconds;
    if (held && isStaleWithin(held, staleSeconds, now)) {
      if (mayRead) this.#read().catch(() => {});
      counts.stale += 1;
      return held;
    }
    if (!mayRead && this.#failure) throw this.#failure;
    counts.misses += 1;
    return this.#read().catch((error) => {
      const kept = this.#held;
      const passed = Date.now();
      // The last good value of a secret whose new one is broken counts as fresh.
      const mayServe =
        kept && (isFresh(kept, passed) || (isPassing(error) && isStaleWithin(kept, staleIfErrorSeconds, passed)));
      if (!mayServe) throw error;
      counts.stale += 1;
      return kept;
    });
  }

  /** What a read brings: the one under way, or one of its own, of which there is one a second. */
  async refresh(): Promise<HeldVersion<Value>> {
    this.#refuseClosed();
    if (this.#flight.isRunning || this.#pace.takeRefresh(Date.now())) return this.#read();
    if (this.#held && Date.now() < this.#held.expiresMs) return this.#held;
    if (this.#failure) throw this.#failure;
    return this.#read();
  }

  refreshed(): Promise<HeldVersion<Value> | undefined> {
    return this.refresh().catch(() => this.#held);
  }

  refuse(versionId: string): void {
    this.context.counts.refusals += 1;
    publishRefused({ secretId: this.secretId, versionStage: this.versionStage, versionId });
    // The pinned version was no better than the one that it stands in for.
    if (this.#held?.versionId === versionId) this.#refusedVersionId = undefined;
  }

  async pinPending(refused: ReadonlySet<string>): Promise<HeldVersion<Value> | undefined> {
    if (this.versionStage !== 'AWSCURRENT') return undefined;
    if (!this.#pendingFlight.isRunning && !this.#pendingPace.takeRefresh(Date.now())) return undefined;
    return this.#pendingFlight.join(this.#longestReadMs, async (signal) => {
      try {
        const stored = await this.#reader.call('AWSPENDING', signal);
        if (refused.has(stored.versionId)) return undefined;
        const pending = await this.#reader.valueOf(stored, 'AWSPENDING', this.#held);
        signal.throwIfAborted();
        const current = this.#held?.versionId;
        const pinned = this.#hold(pending);
        this.#refusedVersionId = current;
        return pinned;
      } catch {
        return undefined; // None, or not for this caller: what becomes current is waited for.
      }
    });
  }

  /** Takes a version of its own that was read together with others. */
  async offer(stored: StoredVersion): Promise<void> {
    this.#refuseClosed();
    await this.#read(async () => stored);
  }

  onRotation(listener: (value: Value) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  status(): SecretStatus {
    const { secretId, versionStage } = this;
    const working = this.#failure ? 'degraded' : 'healthy';
    const idle = this.#failure ? 'failing' : 'unread';
    return {
      secretId,
      versionStage,
      versionId: this.#held?.versionId,
      ageSeconds: this.#held && Math.max(0, Date.now() - this.#held.readMs) / 1000,
      health: this.#held ? working : idle,
      errorCode: this.#failure?.code,
    };
  }

  takeUsed(): boolean {
    const isUsed = this.#isUsed;
    this.#isUsed = false;
    return isUsed;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  release(): void {
    this.#held = undefined;
    this.#refusedVersionId = undefined;
  }

  close(): void {
    const closed = this.#closedError();
    this.#closed.abort(closed);
    this.#flight.abort(closed);
    this.#pendingFlight.abort(closed);
    this.#listeners.clear();
    this.release();
    this.#failure = closed;
  }

  /** One call for all who want the value at the same time. */
  #read(load = (signal: AbortSignal) => this.#reader.call(this.versionStage, signal)): Promise<HeldVersion<Value>> {
    return this.#flight.join(this.#longestReadMs, async (signal) => {
      try {
        const stored = await load(signal);
        const read = this.#standIn(stored) ?? (await this.#reader.valueOf(stored, this.versionStage, this.#held));
        signal.throwIfAborted();
        const pinned = this.#standIn(stored);
        if (!pinned) this.#refusedVersionId = undefined;
        const held = this.#hold(pinned ?? read);
        this.#pace.succeeded();
        this.#failure = undefined;
        return held;
      } catch (error) {
        if (!signal.aborted) this.#fail(error);
        throw error;
      }
    });
  }

  /** The pinned version, where it stands in for that one. */
  #standIn({ versionId }: StoredVersion): HeldVersion<Value> | undefined {
    return versionId === this.#refusedVersionId ? this.#held : undefined;
  }

  #hold(version: VersionValue<Value>): HeldVersion<Value> {
    const now = Date.now();
    const { secretId, versionStage } = this;
    const { versionId, value, expiresMs } = version;
    if (now >= expiresMs) {
      const when = new Date(expiresMs).toISOString();
      throw new SecretReadError(
        'EXPIRED',
        `${versionStage} of ${secretId} expired at ${when}; expected a rotation before.`,
      );
    }
    const held = holdVersion(version, now, this.context);
    this.#held = held;
    this.context.onHeld(this);
    const previousVersionId = this.#lastVersionId;
    this.#lastVersionId = versionId;
    if (previousVersionId === undefined || previousVersionId === versionId) return held;
    this.context.counts.rotations += 1;
    publishRotated({ secretId, versionStage, versionId, previousVersionId });
    // A listener that throws ends no read.
    for (const listener of this.#listeners) queueMicrotask(() => listener(value));
    return held;
  }

  #fail(error: unknown): void {
    const now = Date.now();
    this.#pace.failed(now);
    this.#failure = error instanceof SecretReadError ? error : undefined;
    if (isPassing(error)) return;
    const isOfNewVersion = this.#failure?.code === 'SECRET_VALUE' || this.#failure?.code === 'EXPIRED';
    const lastGood = this.#held && now < this.#held.expiresMs ? this.#held : undefined;
    if (isOfNewVersion && lastGood) this.#held = holdVersion(lastGood, now, this.context);
    // Refused or gone: what was read before is no answer any more, whatever happens next.
    else this.release();
  }

  #refuseClosed(): void {
    if (this.#closed.signal.aborted) throw this.#closedError();
  }

  #closedError(): SecretReadError {
    return new SecretReadError('CLOSED', `${this.secretId} cannot be read: its cache was closed.`);
  }
}
