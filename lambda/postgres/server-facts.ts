import { RotationError } from '../rotation/index.ts';
import type { PostgresSession } from './postgres-session.ts';

/** What a server says of itself. */
export interface ServerFacts {
  /** Of SCRAM; null on a server that has no such setting. */
  readonly iterations: string | null;
  /** How it stores passwords that it is given in the clear: `scram-sha-256` or `md5`. */
  readonly encryption: string;
  /** Since when passwords of the user are refused; null if they are not. */
  readonly expired: string | null;
}

/** SQL: those facts, as columns. @param expiring the user whose password must not have expired, as a literal */
export const serverFacts = (expiring: string): string => `
  pg_catalog.current_setting('scram_iterations', true) AS iterations,
  pg_catalog.current_setting('password_encryption') AS encryption,
  (SELECT rolvaliduntil::text FROM pg_roles WHERE rolname = ${expiring} AND rolvaliduntil <= now()) AS expired`;

export const STORES_MD5 =
  'stores passwords as MD5 (password_encryption), which clients that know nothing else may need. Declare allowMd5: true to keep ' +
  "that, or set password_encryption to 'scram-sha-256'.";

/** @throws CONFIGURATION if the new password would be refused as well */
export function refuseExpired(session: PostgresSession, user: string, expired: string | null): void {
  if (expired === null) return;
  throw new RotationError(
    'CONFIGURATION',
    `The password of ${user} is valid until ${expired}, and so would the new one be. Nothing was changed. Extend it by hand: ` +
      `ALTER ROLE ${session.name(user)} VALID UNTIL 'infinity', or a later day.`,
  );
}
