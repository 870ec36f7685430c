import { randomBytes } from 'node:crypto';
import { RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { type DatabaseLogin, DatabaseSession } from './database-session.ts';

/** One user, one password at a time: who knows the one in use sets the next. */
const singleUser: RotationStrategy<DatabaseLogin, DatabaseLogin> = {
  publicFields: ['url', 'username'],
  current: stringFields('url', 'username', 'password'),
  pending: stringFields('url', 'username', 'password'),

  create: async () => ({ password: randomBytes(16).toString('base64url') }),

  async set({ current, pending, earlier }, { signal }) {
    const { username: user } = pending;
    async function* logins() {
      yield* [current, pending];
      yield* earlier();
    }
    for await (const login of logins()) {
      const session = await unlessRefused(DatabaseSession.login(login, signal));
      if (session === undefined) continue;
      if (login === pending) return;
      await session.run({ what: 'SET PASSWORD', user, password: pending.password });
      try {
        await DatabaseSession.login(pending, signal);
      } catch (error) {
        await session.run({ what: 'SET PASSWORD', user, password: login.password });
        throw error;
      }
      return;
    }
    throw new RotationError('AUTHENTICATION', `The database refuses every password of ${user} that is stored.`);
  },

  async test(pending, { signal }) {
    await DatabaseSession.login(pending, signal);
  },
};

async function unlessRefused<Session>(login: Promise<Session>): Promise<Session | undefined> {
  try {
    return await login;
  } catch (error) {
    if (error instanceof RotationError && error.code === 'AUTHENTICATION') return undefined;
    throw error;
  }
}

export const handler = rotationHandler(() => singleUser);
