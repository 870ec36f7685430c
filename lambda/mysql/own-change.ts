import { RotationError } from '../rotation/index.ts';
import type { ChangeOfPassword } from './change-of-password.ts';
import type { MysqlSession } from './mysql-session.ts';
import { NATIVE } from './password-hash.ts';
import { isSince, type Server } from './server.ts';

/**
 * How a user changes its own password, for which it needs no privilege. MariaDB takes a hash. MySQL takes a user's own new password in
 * the clear alone, and writes none to its logs.
 * @throws CONFIGURATION for an account that has more than one password, or none
 * @see https://dev.mysql.com/doc/refman/8.4/en/password-logging.html
 */
export async function ownChange(
  session: MysqlSession,
  { isMariadb, version, account, literal }: Server,
  { live, password }: { readonly live: string; readonly password: string },
): Promise<ChangeOfPassword> {
  if (account.startsWith('@')) {
    throw new RotationError(
      'CONFIGURATION',
      `The login of ${session.username} found an anonymous user, ''${account}: there is no account of that name for the function's ` +
        'address. Create it, or drop the anonymous user.',
    );
  }
  if (!isMariadb) {
    // Older ones do not know the statement, and write it to their logs as it is.
    if (!isSince(version, [5, 7, 6])) {
      throw session.refused(`is MySQL ${version.join('.')}: a user changes its own password on 5.7.6 and newer.`);
    }
    const set = (to: string, from: string) => {
      const replace = isSince(version, [8, 0, 13]) ? ` REPLACE ${literal(from)}` : '';
      return `ALTER USER USER() IDENTIFIED BY ${literal(to)}${replace}`;
    };
    return { change: set(password, live), back: set(live, password) };
  }
  const [row] = await session.run<Record<string, string>>(
    'SHOW CREATE USER',
    `reading the account of ${session.username}`,
  );
  const hashes = Object.values(row ?? {})[0]?.match(/'\*[\dA-F]{40}'/gi) ?? [];
  if (hashes.length !== 1) {
    throw new RotationError(
      'CONFIGURATION',
      `'${account.replace(/@(?=[^@]*$)/, "'@'")}' has ${hashes.length} passwords of mysql_native_password: expected 1 for a user that ` +
        'changes its own. Declare an admin.',
    );
  }
  const set = (to: string) => `SET PASSWORD = ${literal(NATIVE.hash(to, '').toString())}`;
  return { change: set(password), back: set(live) };
}
