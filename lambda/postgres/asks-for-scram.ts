import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { isRefused } from '../databases/is-refused.ts';
import { ownDatabase } from '../databases/own-database.ts';
import type { RotationContext } from '../rotation/index.ts';
import { PostgresSession } from './postgres-session.ts';

/**
 * Whether a server asks for a user's password by SCRAM. It does if it has a SCRAM verifier of the user, or if pg_hba.conf allows
 * nothing else; so a verifier of that kind will do. It takes a login, with the current password.
 * @throws what a login throws, unless it is refused
 */
export async function asksForScram(
  current: DatabaseSecret<string | undefined>,
  options: Pick<PostgresEnvironment, 'tls' | 'allowPlaintext' | 'allowMd5'>,
  context: Pick<RotationContext, 'signal' | 'versionId'>,
): Promise<boolean> {
  const { username, password } = current;
  if (password === undefined) return false;
  let isScram = false;
  const login = {
    ...{ database: ownDatabase(current, options), login: { username, password }, allowMd5: options.allowMd5 },
    onSalt: () => {
      isScram = true;
    },
  };
  try {
    const session = await PostgresSession.open(login, context);
    await session.close();
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  return isScram;
}
