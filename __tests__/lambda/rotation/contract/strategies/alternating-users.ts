import { randomBytes } from 'node:crypto';
import { type Environment, RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { type DatabaseLogin, DatabaseSession } from './database-session.ts';

/**
 * Two users take turns; an administrator gives the one whose turn it is the other's privileges and a new password. Which
 * database, and which users, the declaration says: whoever may write the secret must not choose them.
 */
function alternatingUsers({
  ADMIN_SECRET = '',
  ORIGIN = '',
  USERS = '',
}: Environment): RotationStrategy<DatabaseLogin, DatabaseLogin> {
  const login = stringFields('url', 'username', 'password');
  const check = ({ url, username }: DatabaseLogin) => {
    if (url.startsWith(`${ORIGIN}/`) && USERS.split(',').includes(username)) return;
    throw new RotationError('CONFIGURATION', 'The secret names another database or user than the declaration.');
  };
  return {
    publicFields: ['url', 'username'],
    current: login,
    pending: login,

    async create(current) {
      if (current === undefined) throw new RotationError('SECRET_VALUE', 'There is no first user. Store one.');
      check(current);
      const { username } = current;
      const other = username.endsWith('_clone') ? username.slice(0, -'_clone'.length) : `${username}_clone`;
      return { username: other, password: randomBytes(16).toString('base64url') };
    },

    async set({ current, pending }, { secret, signal }) {
      const { url, username: user, password } = pending;
      for (const login of [current, pending]) check(login);
      const admin = await secret(ADMIN_SECRET, stringFields('username', 'password'));
      const session = await DatabaseSession.login({ url, ...admin }, signal);
      await session.run({ what: 'CREATE USER', user });
      const due = await session.run({ what: 'SHOW PRIVILEGES', user: current.username });
      const has = await session.run({ what: 'GRANT', user, privileges: due });
      const surplus = has.filter((privilege) => !due.includes(privilege));
      const left = await session.run({ what: 'REVOKE', user, privileges: surplus });
      if (String([...left].sort()) !== String([...due].sort())) {
        throw new RotationError('PRIVILEGE', `${user} has not the privileges of ${current.username}.`);
      }
      // Last: whoever can log in has the privileges.
      await session.run({ what: 'SET PASSWORD', user, password });
    },

    async test(pending, { signal }) {
      await DatabaseSession.login(pending, signal);
    },
  };
}

export const handler = rotationHandler(alternatingUsers);
