import { generatePassword } from '../../rules/password/password.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { type DatabaseSecret, type Login, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { checkIsDeclared, namesOfSecret } from '../databases/declared-users.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { checkSameDatabase, isSameEndpoint } from '../databases/same-database.ts';
import { type RotationContext, RotationError, type RotationStrategy } from '../rotation/index.ts';
import { postgresAdministrator } from './postgres-administrator.ts';
import { POSTGRES, postgresSecrets } from './postgres-engine.ts';
import { isRefused } from './postgres-error.ts';
import { PostgresSession } from './postgres-session.ts';
import { type Power, powerOf, refusePower } from './power.ts';
import { scramVerifier } from './scram-verifier.ts';

type Stored = DatabaseSecret<string | undefined>;

type Passwords = Parameters<NonNullable<RotationStrategy<Stored, DatabaseSecret>['set']>>[0];

const POWER = `SELECT ${powerOf('users.oid')} AS power FROM pg_roles AS users WHERE rolname = $1`;

/**
 * One user, one password at a time. The session that changes it stays open until the new one has logged in, and changes
 * it back if that fails: the old password is refused for no longer than a login takes, until finishSecret.
 */
export function singleUser(options: PostgresEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { admins, users, secretNamePrefix, allowMd5 } = options;
  const names = { secretNamePrefix, names: users.map((user) => ['users', user] as const) };
  const open = (login: Login, context: RotationContext, pending: DatabaseSecret) =>
    PostgresSession.open({ database: ownDatabase(pending, options), login, allowMd5 }, context);

  async function prove(pending: DatabaseSecret, context: RotationContext): Promise<void> {
    const session = await open(pending, context, pending);
    await session.close();
  }

  function checkUser({ username }: Stored, { secretId }: Pick<RotationContext, 'secretId'>): void {
    if (users.length > 0) checkIsDeclared(username, namesOfSecret(names, secretId, POSTGRES));
  }

  /** A session that may change the password, with the one that is live as far as the secret knows. */
  async function sessionFor({ current, pending, earlier }: Passwords, context: RotationContext) {
    if (admins.length > 0) {
      const session = await administratorsSession(current, context);
      return { session, live: current.password };
    }
    for await (const { password } of logins({ current, pending, earlier })) {
      const session = await unlessRefused(open({ username: pending.username, password }, context, pending));
      if (session === undefined) continue;
      // A user whose sessions begin in another role may change its own password as itself alone.
      await session.run('SET ROLE NONE');
      return { session, live: password };
    }
    throw new RotationError(
      'AUTHENTICATION',
      `${pending.host} refuses every password of ${pending.username} that is stored: it was changed elsewhere. Declare an ` +
        'admin, which needs no old password, or set the password of AWSCURRENT by hand.',
    );
  }

  async function administratorsSession(current: Stored, context: RotationContext): Promise<PostgresSession> {
    const { username } = current;
    ownDatabase(current, options); // Refused here, before the administrator logs in.
    const { database, ...login } = await postgresAdministrator(current, [username], options, context);
    const session = await PostgresSession.open({ database, login, allowMd5 }, context);
    try {
      const [user] = await session.run<{ power: Power | null }>(POWER, [username], `reading what ${username} may do`);
      if (user === undefined) {
        throw new RotationError('CONFIGURATION', `There is no user ${username}. Create it first.`);
      }
      refusePower(username, user.power);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  return {
    publicFields: PUBLIC_FIELDS,
    current: admins.length > 0 ? postgresSecrets.withoutPassword : postgresSecrets.rotated,
    pending: postgresSecrets.rotated,

    async create(current, context) {
      if (current !== undefined) checkUser(current, context);
      return { password: generatePassword(options) };
    },

    async set(passwords, context) {
      const { current, pending } = passwords;
      const { username } = pending;
      checkUser(current, context);
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
      checkUser(pending, context);
      await prove(pending, context);
    },
  };
}

/**
 * Passwords that may be live, likeliest first: no login is refused unless a rotation was cut off or given up. One of an earlier
 * version goes only where that version says: who edits the secret must not get it elsewhere.
 */
async function* logins({ current, pending, earlier }: Passwords) {
  if (current.password !== undefined) yield { password: current.password };
  yield { password: pending.password };
  for await (const version of earlier()) {
    const { password } = version;
    if (isSameEndpoint(version, pending) && version.username === pending.username && password !== undefined) {
      yield { password };
    }
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
