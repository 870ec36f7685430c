import { RotationError } from '../rotation/index.ts';
import { nameOf } from './account.ts';
import type { ChangeOfPassword } from './change-of-password.ts';
import type { MysqlSession } from './mysql-session.ts';
import { ED25519, NATIVE } from './password-hash.ts';
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
  if (account.user === '') {
    throw new RotationError(
      'CONFIGURATION',
      `The login of ${session.username} found an anonymous user, ${nameOf(account)}: there is no account of that name for the function's ` +
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
  const passwords = passwordsIn(Object.values(row ?? {})[0] ?? '');
  const [first] = passwords;
  const isAlone = passwords.filter(({ plugin }) => plugin === first?.plugin).length === 1;
  // The statement changes the first one, and the others stay as they are.
  if (first === undefined || !isAlone || !first.plugin.matches(first.stored, live)) {
    throw new RotationError(
      'CONFIGURATION',
      `${nameOf(account)} has ${passwords.length} passwords: expected 1 for a user that changes its own, the one in the secret. Declare an admin.`,
    );
  }
  const { plugin } = first;
  const set = (to: string) => `SET PASSWORD = ${literal(plugin.hash(to, '').toString())}`;
  return { change: set(password), back: set(live) };
}

/** The account's ways to log in that are passwords, in their order. */
function passwordsIn(createUser: string) {
  const ways = createUser.slice(createUser.lastIndexOf(' IDENTIFIED '));
  return [
    ...ways.matchAll(/(?:BY PASSWORD|(?:VIA|OR) (mysql_native_password|ed25519)(?: USING)?)(?: '([^']*)')?/g),
  ].map(([, name, stored = '']) => ({ plugin: name === ED25519.name ? ED25519 : NATIVE, stored: Buffer.from(stored) }));
}
