import { generatePassword } from '../../rules/password/password.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { renewedCopies } from '../databases/copies-of-login.ts';
import { type DatabaseSecret, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { checkIsDeclared, namesOfSecret } from '../databases/declared-users.ts';
import { type LiveLogin, liveLogin, type Passwords } from '../databases/live-login.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { saltOfVersion } from '../databases/salt-of-version.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { type RotationContext, RotationError, type RotationStrategy } from '../rotation/index.ts';
import { asksForScram } from './asks-for-scram.ts';
import { checkAdministratorsLogin, checkOwnLogin } from './check-logins.ts';
import { checkAdministrator } from './check-server.ts';
import { criticalSection } from './critical-section.ts';
import { postgresAdministrator } from './postgres-administrator.ts';
import { POSTGRES, postgresSecrets } from './postgres-engine.ts';
import { isFull } from './postgres-error.ts';
import { PostgresSession } from './postgres-session.ts';
import { type Power, powerOf, refusePower } from './power.ts';

type Stored = DatabaseSecret<string | undefined>;

const POWER = `SELECT ${powerOf('users.oid')} AS power FROM pg_roles AS users WHERE rolname = $1`;

/**
 * One user, one password at a time. The session that changes it stays open until the new one has logged in, and changes
 * it back if that fails: the old password is refused for no longer than a login takes, until finishSecret.
 */
export function singleUser(options: PostgresEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { admins, users, secretNamePrefix, urlFields, allowMd5 } = options;
  const names = { secretNamePrefix, names: users.map((user) => ['users', user] as const) };

  async function prove(pending: DatabaseSecret, context: RotationContext): Promise<void> {
    const database = ownDatabase(pending, options);
    const session = await PostgresSession.open({ database, login: pending, allowMd5 }, context);
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
  async function sessionFor(
    passwords: Passwords,
    context: RotationContext,
  ): Promise<Pick<LiveLogin<PostgresSession>, 'session' | 'salt'> & Partial<LiveLogin<PostgresSession>>> {
    const { current, pending } = passwords;
    if (admins.length === 0) {
      const database = ownDatabase(pending, options);
      return liveLogin(
        passwords,
        context.versionId,
        (login, onSalt) => PostgresSession.open({ database, login, allowMd5, onSalt }, context),
        { otherwise: 'has expired (VALID UNTIL)' },
      );
    }
    ownDatabase(current, options); // Refused here, before the administrator logs in.
    const { database, ...login } = await postgresAdministrator(current, [current.username], options, context);
    const session = await PostgresSession.open({ database, login, allowMd5 }, context);
    return { session, salt: undefined, ...(current.password !== undefined && { password: current.password }) };
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
      const { current, pending } = passwords;
      const { username } = pending;
      checkUser(current, context);
      checkSameDatabase(current, pending, current.username);
      const { session, password: live, salt } = await sessionFor(passwords, context);
      try {
        const isScram = async () =>
          salt !== undefined || (admins.length > 0 && asksForScram(current, options, context));
        const who = { users: [username], expiring: username, asksForScram: isScram };
        const section = { ...who, until: 'session', allowMd5 } as const;
        const { stored } = await criticalSection(session, section, context);
        await checkPower(session, username);
        // Whoever logs in with the new password has proved it.
        if (admins.length === 0 && live === pending.password) return;
        const wanted = await stored(username, pending.password, saltOfVersion(context.versionId));
        await session.setPassword(username, wanted);
        try {
          await prove(pending, context);
        } catch (error) {
          // The user's own session may be the last one that the server lets in. Then only the new password leads back.
          const isInTheWay = admins.length === 0 && isFull(error);
          if (isInTheWay) await session.close();
          if (await isProved(pending, context)) return;
          if (isInTheWay || live === undefined) throw error;
          const old = await stored(username, live, salt);
          await context
            .changeBack({
              back: () => session.setPassword(username, old),
              again: () => session.setPassword(username, wanted),
            })
            .catch(() => undefined);
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

    async check(current, context) {
      const pending = await context.look('A new value', context.newValue);
      if (current === undefined || pending === undefined) return;
      const { username } = current;
      if (admins.length === 0) return checkOwnLogin(current, options, context);
      await checkAdministratorsLogin(current, [username], options, context, async (session) => {
        await context.look(`What ${username} may do`, () => checkPower(session, username));
        await context.look('What the administrator may do', () => checkAdministrator(session, [username]));
      });
    },
  };
}
