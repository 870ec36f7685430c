import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { RotatingSecret } from '../../../client/index.ts';
import type { Administrator } from './administrator.ts';

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

/** An application that logs in with its secret again and again, until it is stopped. */
export function logInAgain(
  secret: RotatingSecret<DatabaseLogin>,
  { host, port, dbname, ca }: Administrator,
): { readonly logins: Logins; stop(): Promise<void> } {
  const logins: Logins = { succeeded: 0, refused: 0, failed: 0 };
  const ssl = { ...(ca !== undefined && { ca }) };
  const refused = (error: unknown) => {
    if (!(error instanceof pg.DatabaseError) || error.code !== '28P01') return false;
    logins.refused += 1;
    return true;
  };
  const attempt = async ({ username: user, password }: DatabaseLogin) => {
    const client = new pg.Client({ host, port, database: dbname, user, password, ssl });
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
  };
  let isStopped = false;
  const loop = (async () => {
    while (!isStopped) {
      await secret.withRetry(attempt, { refused }).then(
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
