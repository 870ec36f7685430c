import { randomBytes } from 'node:crypto';
import { type Environment, RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { type DatabaseLogin, DatabaseSession } from './database-session.ts';

/** Two users take turns; an administrator gives the one whose turn it is the other's privileges and a new password. */
function alternatingUsers({ ADMIN_SECRET = '' }: Environment): RotationStrategy<DatabaseLogin, DatabaseLogin> {
  const login = stringFields('url', 'username', 'password');
  return {
    publicFields: ['url', 'username'],
    current: login,
    pending: login,

    async create(current) {
      if (current === undefined) throw new RotationError('SECRET_VALUE', 'There is no first user. Store one.');
      const { username } = current;
      const other = username.endsWith('_clone') ? username.slice(0, -'_clone'.length) : `${username}_clone`;
      return { username: other, password: randomBytes(16).toString('base64url') };
    },

    async set({ current, pending }, { secret, signal }) {
      const { url, username: user, password } = pending;
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
