import type { DatabaseSecret } from '../databases/database-secret.ts';
import { type OwnDatabaseOptions, ownDatabase } from '../databases/own-database.ts';
import type { RotationContext } from '../rotation/index.ts';
import { MysqlSession } from './mysql-session.ts';

/** Logs in with a secret's own login. @throws what a login throws; CONFIGURATION if the password has expired */
export async function prove(
  pending: DatabaseSecret,
  options: OwnDatabaseOptions,
  context: Pick<RotationContext, 'signal' | 'versionId'>,
): Promise<void> {
  const session = await MysqlSession.open({ database: ownDatabase(pending, options), login: pending }, context);
  try {
    // A password that has expired logs in, and is refused by the first statement.
    await session.run('SELECT 1', `a statement of ${pending.username}`);
  } finally {
    await session.close();
  }
}
