/** A secret as an application sees it: its value of now, whatever rotates it. Prints without its value. */
export interface RotatingSecret<Value> {
  readonly secretId: string;
  /** Such as `AWSCURRENT`. */
  readonly versionStage: string;

  /**
   * The value. Fresh: at once, without a call. Stale: the old one at once, while one call reads the new one. Too old, or not
   * read yet: after that call. User and password, in one value, are always of one version.
   *
   * @throws SecretReadError there is no value that may be handed out
   */
  get(): Promise<Value>;

  /** The value where it is fresh, without a promise; otherwise nothing, and `get()` is to be asked. Makes no call. */
  peek(): Value | undefined;

  /**
   * Reads the secret again: joins a read under way; once a second at most, so that otherwise it gives the value that is held.
   *
   * @throws SecretReadError the read failed; the value that is held stays, if it may
   */
  refresh(): Promise<Value>;

  /**
   * Does something with the value, and again with another version where what it opens refuses this one. For a new login or a
   * call with a key: a rotation then costs one refused attempt, never an error.
   *
   * @param attempt called once for each version
   * @param options.refused whether an error of the attempt means that the credential is wrong; any other error is thrown
   * @param options.timeoutSeconds how long to look for another version. @default 5
   * @throws the attempt's own last error, where no version was taken
   */
  withRetry<Result>(attempt: (value: Value) => Promise<Result>, options: RetryOptions): Promise<Result>;

  /**
   * The versions to try, one after the other: asking for another says that the last one was refused. For adapters whose driver
   * has no attempt to wrap; all else uses `withRetry`, which is a loop over these.
   *
   * The version that is held; what a refresh brings; else `AWSPENDING`, once, which is then handed out to all until
   * it is current; else whatever becomes current in time.
   */
  candidates(options?: CandidateOptions): AsyncGenerator<Value, void, undefined>;

  /**
   * Calls the listener with the new value whenever another version is handed out than before. Reads notice a rotation, no timer
   * does: a secret that nobody reads tells nothing.
   *
   * @returns what takes the listener away
   */
  onRotation(listener: (value: Value) => void): () => void;

  /**
   * The value, as soon as there is one that its schema accepts: between `terraform apply` and the first rotation, a field that
   * the rotation makes is missing.
   *
   * @throws SecretReadError NOT_READY there was none in time; at once what waiting cannot change, such as ACCESS_DENIED
   */
  waitUntilReady(options: { readonly timeoutSeconds: number }): Promise<Value>;

  /** How the secret fares, for a health check: makes no call, and holds no value. */
  status(): SecretStatus;
}

export interface CandidateOptions {
  /** How long to look for another version after the first was refused. @default 5 */
  readonly timeoutSeconds?: number | undefined;
}

export interface RetryOptions extends CandidateOptions {
  readonly refused: (error: unknown) => boolean;
}

export interface SecretStatus {
  readonly secretId: string;
  readonly versionStage: string;
  /** Of what is handed out; undefined where nothing is held. */
  readonly versionId: string | undefined;
  /** Since it was last read. */
  readonly ageSeconds: number | undefined;
  /** `degraded`: a value is handed out, but the last read failed. `failing`: there is none. */
  readonly health: 'unread' | 'healthy' | 'degraded' | 'failing';
  /** Why the last read failed. */
  readonly errorCode: string | undefined;
}
