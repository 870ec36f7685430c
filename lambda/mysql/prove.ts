import type { MysqlEnvironment } from '../../rules/mysql-rotation.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { type OwnDatabaseOptions, ownDatabase } from '../databases/own-database.ts';
import type { RotationContext } from '../rotation/index.ts';
import { isAtLimit } from './mysql-error.ts';
import { MysqlSession } from './mysql-session.ts';

const KNOWN = 'The account has that password, so perhaps the login finds another account of the user.';

/** Logs in with a secret's own login. @throws what a login throws; CONFIGURATION if the password has expired */
export async function prove(
  pending: DatabaseSecret,
  options: OwnDatabaseOptions & Pick<MysqlEnvironment, 'admins'>,
  context: Pick<RotationContext, 'signal' | 'versionId'>,
): Promise<void> {
  try {
    const database = ownDatabase(pending, options);
    const session = await MysqlSession.open(
      { database, login: pending, ...(options.admins.length > 0 && { ifRefused: KNOWN }) },
      context,
    );
    try {
      // A password that has expired logs in, and is refused by the first statement.
      await session.run('SELECT 1', `a statement of ${pending.username}`);
    } finally {
      await session.close();
    }
  } catch (error) {
    // Servers look at a user's limits once they have taken the password: whoever has no session left has the right one.
    if (!isAtLimit(error)) throw error;
  }
}
