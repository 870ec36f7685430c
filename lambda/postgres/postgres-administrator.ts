import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { administrator } from '../databases/administrator.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { namesOfSecret } from '../databases/declared-users.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { POSTGRES, postgresSecrets } from './postgres-engine.ts';

/**
 * The administrator's login and database.
 * @param users those that it is to change
 * @throws CONFIGURATION, SECRET_VALUE, PRIVILEGE
 */
export async function postgresAdministrator(
  rotated: DatabaseSecret<string | undefined>,
  users: readonly string[],
  {
    admins,
    dbname: pattern,
    secretNamePrefix,
    tls,
  }: Pick<PostgresEnvironment, 'admins' | 'tls' | 'dbname' | 'secretNamePrefix'>,
  context: RotationContext,
) {
  const names = pattern === undefined ? [] : [['dbname', pattern] as const];
  const [dbname] = namesOfSecret({ secretNamePrefix, names }, context.secretId, POSTGRES);
  const options = { engine: POSTGRES, schema: postgresSecrets.admin, admins, dbname, tls };
  const found = await administrator(rotated, options, context);
  if (!users.includes(found.username)) return found;
  throw new RotationError(
    'CONFIGURATION',
    `${found.username} is the administrator itself, whose password this rotation must not change. Expected another user in ` +
      'the secret.',
  );
}
