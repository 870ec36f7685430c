import type { MysqlEnvironment } from '../../rules/mysql-rotation.ts';
import { administrator } from '../databases/administrator.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { MYSQL, mysqlSecrets } from './mysql-engine.ts';
import { MysqlSession } from './mysql-session.ts';

const STALE =
  "The administrator's own secret has to hold the password that the server takes now. If it has just rotated, the next attempt reads it anew.";

/**
 * A session of the administrator.
 * @param users those that it is to change
 * @throws CONFIGURATION, SECRET_VALUE, PRIVILEGE, and what a login throws
 */
export async function administratorsSession(
  rotated: DatabaseSecret<string | undefined>,
  users: readonly string[],
  { admins, tls }: Pick<MysqlEnvironment, 'admins' | 'tls'>,
  context: RotationContext,
): Promise<MysqlSession> {
  // Whichever database the secret names: the administrator uses none.
  const of = { engine: MYSQL, schema: mysqlSecrets.admin, admins, dbname: rotated.dbname, tls };
  const { database, ...login } = await administrator(rotated, of, context);
  if (!users.includes(login.username)) {
    return MysqlSession.open({ database: { ...database, dbname: '' }, login, ifRefused: STALE }, context);
  }
  throw new RotationError(
    'CONFIGURATION',
    `${login.username} is the administrator itself, whose password this rotation must not change. Expected another user in ` +
      'the secret.',
  );
}
