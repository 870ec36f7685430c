import type { CandidateOptions, RetryOptions, RotatingSecret } from './rotating-secret.ts';

/**
 * A login that outlives rotations: what adapters are made of, for a driver that has none. Each call logs in anew, with the value of
 * that moment, and again with the next version when the login is refused. Only the login is tried again, never what is
 * done with it.
 *
 * @param login logs in with a value; called once for each version
 * @param options.refused whether an error of `login` means that the credential is wrong; any other error is thrown at once
 * @example
 * const connect = loginGuard(secret, ({ username, password }) => driver.connect({ user: username, password }), {
 *   refused: (error) => error.code === 'LOGIN_REFUSED',
 * });
 * const connection = await connect();
 */
export function loginGuard<Value, Session>(
  secret: RotatingSecret<Value>,
  login: (value: Value) => Promise<Session>,
  options: RetryOptions,
): () => Promise<Session> {
  return () => secret.withRetry(login, options);
}

/**
 * The same for a driver that asks for the credential itself, and logs in behind the scenes: `next()` gives what to log in with, and
 * `refuse()` says that it was refused, so that `next()` gives another version. One guard is for one connection at a time.
 */
export function credentialGuard<Value>(
  secret: RotatingSecret<Value>,
  options?: CandidateOptions,
): { next(): Promise<Value>; refuse(): void } {
  let candidates = secret.candidates(options);
  let wasRefused = false;
  return {
    async next() {
      // Without a refusal, whatever is current now.
      if (!wasRefused) candidates = secret.candidates(options);
      wasRefused = false;
      const { value, done } = await candidates.next();
      return done ? secret.get() : value;
    },
    refuse() {
      wasRefused = true;
    },
  };
}
