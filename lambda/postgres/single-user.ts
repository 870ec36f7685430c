import { generatePassword } from '../../rules/password/password.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { renewedCopies } from '../databases/copies-of-login.ts';
import { type DatabaseSecret, type Login, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { checkIsDeclared, namesOfSecret } from '../databases/declared-users.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { checkSameDatabase, isSameEndpoint } from '../databases/same-database.ts';
import { type RotationContext, RotationError, type RotationStrategy } from '../rotation/index.ts';
import { criticalSection } from './critical-section.ts';
import { postgresAdministrator } from './postgres-administrator.ts';
import { POSTGRES, postgresSecrets } from './postgres-engine.ts';
import { isRefused } from './postgres-error.ts';
import { PostgresSession } from './postgres-session.ts';
import { type Power, powerOf, refusePower } from './power.ts';

type Stored = DatabaseSecret<string | undefined>;

type Passwords = Parameters<NonNullable<RotationStrategy<Stored, DatabaseSecret>['set']>>[0];

const POWER = `SELECT ${powerOf('users.oid')} AS power FROM pg_roles AS users WHERE rolname = $1`;

/**
 * One user, one password at a time. The session that changes it stays open until the new one has logged in, and changes
 * it back if that fails: the old password is refused for no longer than a login takes, until finishSecret.
 */
export function singleUser(options: PostgresEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { admins, users, secretNamePrefix, urlFields, allowMd5 } = options;
  const names = { secretNamePrefix, names: users.map((user) => ['users', user] as const) };
  const open = (login: Login, context: RotationContext, pending: DatabaseSecret) =>
    PostgresSession.open({ database: ownDatabase(pending, options), login, allowMd5 }, context);

  async function prove(pending: DatabaseSecret, context: RotationContext): Promise<void> {
    const session = await open(pending, context, pending);
    await session.close();
  }

  const isProved = (pending: DatabaseSecret, context: RotationContext) =>
    prove(pending, context).then(
      () => true,
      () => false,
    );

  function checkUser({ username }: Stored, { secretId }: Pick<RotationContext, 'secretId'>): void {
    if (users.length > 0) checkIsDeclared(username, namesOfSecret(names, secretId, POSTGRES));
  }

  /** A session that may change the password, with the one that is live as far as the secret knows. */
  async function sessionFor({ current, pending, earlier }: Passwords, context: RotationContext) {
    if (admins.length > 0) {
      ownDatabase(current, options); // Refused here, before the administrator logs in.
      const { database, ...login } = await postgresAdministrator(current, [current.username], options, context);
      const session = await PostgresSession.open({ database, login, allowMd5 }, context);
      return { session, live: current.password };
    }
    for await (const { password } of logins({ current, pending, earlier })) {
      const session = await unlessRefused(open({ username: pending.username, password }, context, pending));
      if (session !== undefined) return { session, live: password };
    }
    throw new RotationError(
      'AUTHENTICATION',
      `${pending.host} refuses every password of ${pending.username} that is stored: it was changed elsewhere. Declare an ` +
        'admin, which needs no old password, or set the password of AWSCURRENT by hand.',
    );
  }

  async function checkPower(session: PostgresSession, username: string): Promise<void> {
    if (admins.length === 0) return;
    const [user] = await session.run<{ power: Power | null }>(POWER, [username], `reading what ${username} may do`);
    if (user === undefined) throw new RotationError('CONFIGURATION', `There is no user ${username}. Create it first.`);
    refusePower(username, user.power);
  }

  return {
    publicFields: PUBLIC_FIELDS,
    current: admins.length > 0 ? postgresSecrets.withoutPassword : postgresSecrets.rotated,
    pending: postgresSecrets.rotated,

    async create(current, context) {
      const password = generatePassword(options);
      if (current === undefined) return { password };
      checkUser(current, context);
      const { username } = current;
      return { password, ...renewedCopies({ ...current }, current, urlFields, { username, password }) };
    },

    async set(passwords, context) {
      const startedAtMs = Date.now();
      const { current, pending } = passwords;
      const { username } = pending;
      checkUser(current, context);
      checkSameDatabase(current, pending, current.username);
      const { session, live } = await sessionFor(passwords, context);
      try {
        const section = { users: [username], until: 'session', allowMd5, startedAtMs } as const;
        const { stored } = await criticalSection(session, section, context);
        await checkPower(session, username);
        if (live === pending.password) return await prove(pending, context);
        await session.setPassword(username, await stored(username, pending.password));
        try {
          await prove(pending, context);
        } catch (error) {
          // Not if the password works after all, nor if another attempt has finished the rotation while this one hung. The labels
          // are read last: the second proof may hang, too.
          if (await isProved(pending, context)) return;
          if (live === undefined || !(await context.isPending().catch(() => false))) throw error;
          await session.setPassword(username, await stored(username, live)).catch(() => undefined);
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
 * Passwords that may be live, likeliest first, each once: no login is refused unless a rotation was cut off or given up. One of an
 * earlier version goes only where that version says: who edits the secret must not get it elsewhere.
 */
async function* logins({ current, pending, earlier }: Passwords) {
  const tried = new Set([current.password, pending.password]);
  for (const password of tried) if (password !== undefined) yield { password };
  for await (const version of earlier()) {
    const { password } = version;
    if (password === undefined || tried.has(password)) continue;
    if (version.username !== pending.username || !isSameEndpoint(version, pending)) continue;
    tried.add(password);
    yield { password };
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
