import { generatePassword } from '../../rules/password/password.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { adminLogin } from '../databases/admin-login.ts';
import {
  type DatabaseSecret,
  databaseSecret,
  databaseSecretWithoutPassword,
  PUBLIC_FIELDS,
} from '../databases/database-secret.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { type RotationContext, RotationError, type RotationStrategy } from '../rotation/index.ts';
import { isRefused } from './postgres-error.ts';
import { PostgresSession } from './postgres-session.ts';
import { scramVerifier } from './scram-verifier.ts';

type Stored = DatabaseSecret<string | undefined>;

type Passwords = Parameters<NonNullable<RotationStrategy<Stored, DatabaseSecret>['set']>>[0];

/**
 * One user, one password at a time. The session that changes it stays open until the new one has logged in, and changes
 * it back where that fails: the old password is refused for no longer than a login takes, until finishSecret.
 */
export function singleUser(options: PostgresEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { adminSecretArns, tls } = options;
  /** The version that setSecret proved in this process: testSecret need not log in once more. */
  let proved: string | undefined;

  async function prove(pending: DatabaseSecret, context: RotationContext): Promise<void> {
    const session = await PostgresSession.open({ ...tls, ...pending }, pending, context);
    await session.close();
    proved = context.versionId;
  }

  /** A session that may change the password, with the one that is live as far as the secret knows. */
  async function sessionFor({ current, pending, earlier }: Passwords, context: RotationContext) {
    const database = { ...tls, ...pending };
    if (adminSecretArns.length > 0) {
      const admin = await adminLogin(current, adminSecretArns, context);
      return { session: await PostgresSession.open(database, admin, context), live: current.password };
    }
    for await (const { password } of logins({ current, pending, earlier })) {
      const login = PostgresSession.open(database, { username: pending.username, password }, context);
      const session = await unlessRefused(login);
      if (session === undefined) continue;
      // A user whose sessions begin in another role may change its own password as itself alone.
      await session.run('SET ROLE NONE');
      return { session, live: password };
    }
    throw new RotationError(
      'AUTHENTICATION',
      `${pending.host} refuses every password of ${pending.username} that is stored: it was changed elsewhere. Rotate with ` +
        'adminSecretArn, which needs no old password, or set the password of AWSCURRENT by hand.',
    );
  }

  return {
    publicFields: PUBLIC_FIELDS,
    current: adminSecretArns.length > 0 ? databaseSecretWithoutPassword : databaseSecret,
    pending: databaseSecret,

    create: async () => ({ password: generatePassword(options) }),

    async set(passwords, context) {
      const { current, pending } = passwords;
      const { username } = pending;
      checkSameDatabase(current, pending, current.username);
      const { session, live } = await sessionFor(passwords, context);
      try {
        if (live !== pending.password) await session.setPassword(username, await scramVerifier(pending.password));
        try {
          await prove(pending, context);
        } catch (error) {
          if (live !== undefined) await session.setPassword(username, await scramVerifier(live)).catch(() => undefined);
          throw error;
        }
      } finally {
        await session.close();
      }
    },

    async test(pending, context) {
      if (proved !== context.versionId) await prove(pending, context);
    },
  };
}

/** Passwords that may be live, likeliest first: no login is refused unless a rotation was cut off or given up. */
async function* logins({ current, pending, earlier }: Passwords) {
  if (current.password !== undefined) yield { password: current.password };
  yield { password: pending.password };
  for await (const { username, host, password } of earlier()) {
    if (username === pending.username && host === pending.host && password !== undefined) yield { password };
  }
}

async function unlessRefused(login: Promise<PostgresSession>): Promise<PostgresSession | undefined> {
  try {
    return await login;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}
