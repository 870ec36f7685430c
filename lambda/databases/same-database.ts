import { RotationError } from '../rotation/index.ts';
import type { Database, DatabaseSecret } from './database-secret.ts';

const ENDPOINT = ['host', 'port', 'ssl', 'ca', 'servername'] as const;

/** Whether a password would go to the same server, as safely. */
export function isSameEndpoint(one: Database, other: Database): boolean {
  return ENDPOINT.every((field) => one[field] === other[field]);
}

/**
 * Looks, before any connection, whether the new value is for the same database and the user it has to be for.
 * @throws SECRET_VALUE
 */
export function checkSameDatabase(
  current: DatabaseSecret<string | undefined>,
  pending: DatabaseSecret,
  username: string,
): void {
  const expected = { ...current, username };
  const wrong = ([...ENDPOINT, 'dbname', 'username'] as const).find((field) => pending[field] !== expected[field]);
  if (wrong === undefined) return;
  throw new RotationError(
    'SECRET_VALUE',
    `AWSPENDING has another ${wrong} than expected: somebody stored it by hand. Expected "${expected[wrong]}". Take the ` +
      'label AWSPENDING from that version, and rotate again.',
  );
}
