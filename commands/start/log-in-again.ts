import { setTimeout as sleep } from 'node:timers/promises';
import type { RotatingSecret } from '../../client/index.ts';

/** What an application needs from its secret to log in. */
export interface DatabaseLogin {
  readonly username: string;
  readonly password: string;
}

export interface Logins {
  succeeded: number;
  /** Refused, and then tried again with another version of the secret. */
  refused: number;
  /** Failed in the end: what a user of the application would have noticed. */
  failed: number;
}

/** How an application logs in to its database. */
export interface Application {
  logIn(login: DatabaseLogin): Promise<void>;
  /** Whether the database refused the credential, and nothing else went wrong. */
  isRefused(error: unknown): boolean;
}

/** An application that logs in with its secret again and again, until it is stopped. */
export function logInAgain(
  secret: RotatingSecret<DatabaseLogin>,
  { logIn, isRefused }: Application,
): { readonly logins: Logins; stop(): Promise<void> } {
  const logins: Logins = { succeeded: 0, refused: 0, failed: 0 };
  const refused = (error: unknown) => {
    if (!isRefused(error)) return false;
    logins.refused += 1;
    return true;
  };
  let isStopped = false;
  const loop = (async () => {
    while (!isStopped) {
      await secret.withRetry(logIn, { refused }).then(
        () => {
          logins.succeeded += 1;
        },
        () => {
          logins.failed += 1;
        },
      );
      await sleep(5);
    }
  })();
  return {
    logins,
    stop() {
      isStopped = true;
      return loop;
    },
  };
}
