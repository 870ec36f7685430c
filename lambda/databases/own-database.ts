import { RotationError } from '../rotation/index.ts';
import type { Database, DatabaseSecret } from './database-secret.ts';

export interface OwnDatabaseOptions {
  readonly tls: Pick<Database, 'ca' | 'servername'>;
  readonly allowPlaintext: boolean;
}

/**
 * Where a secret's own user logs in, with its own password. What the declaration says of TLS wins.
 * @throws CONFIGURATION if the secret turns TLS off, and the declaration does not allow that
 */
export function ownDatabase(
  secret: DatabaseSecret<string | undefined>,
  { tls, allowPlaintext }: OwnDatabaseOptions,
): Database {
  if (secret.ssl || allowPlaintext) return { ...secret, ...tls };
  throw new RotationError(
    'CONFIGURATION',
    'The secret has "ssl": false, so its password would cross the network unencrypted. Remove that from the secret, or ' +
      'declare allowPlaintext: true.',
  );
}
