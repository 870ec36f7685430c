import { RotationError } from '../rotation/index.ts';
import type { DatabaseSecret } from './database-secret.ts';

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
  const wrong = (['host', 'port', 'dbname', 'ssl', 'username', 'ca', 'servername'] as const).find(
    (field) => pending[field] !== expected[field],
  );
  if (wrong === undefined) return;
  throw new RotationError(
    'SECRET_VALUE',
    `AWSPENDING has another ${wrong} than expected: somebody stored it by hand. Expected "${expected[wrong]}". Take the ` +
      'label AWSPENDING from that version, and rotate again.',
  );
}
