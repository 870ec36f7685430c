import type { MysqlEnvironment } from '../../rules/mysql-rotation.ts';
import { generatePassword } from '../../rules/password/password.ts';
import { renewedCopies } from '../databases/copies-of-login.ts';
import { type DatabaseSecret, type Login, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { checkIsDeclared, namesOfSecret } from '../databases/declared-users.ts';
import { isRefused } from '../databases/is-refused.ts';
import { type LiveLogin, liveLogin, type Passwords } from '../databases/live-login.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { type RotationContext, RotationError, type RotationStrategy } from '../rotation/index.ts';
import { checkAccount, checkOthers, hasPassword, nameOf } from './account.ts';
import { type ChangeOfPassword, changeOfPassword } from './change-of-password.ts';
import { checkAdministrator } from './check-administrator.ts';
import { checkAdministratorsLogin, checkOwnLogin } from './check-logins.ts';
import { administratorsSession } from './mysql-administrator.ts';
import { MYSQL, mysqlSecrets } from './mysql-engine.ts';
import { isExpired } from './mysql-error.ts';
import { MysqlSession } from './mysql-session.ts';
import { ownChange } from './own-change.ts';
import { refusePower } from './power.ts';
import { prove } from './prove.ts';
import { readAccount } from './read-account.ts';
import { refuseReplica } from './refuse-replica.ts';
import { lockedServer } from './server.ts';

type Stored = DatabaseSecret<string | undefined>;

/**
 * No salt says which version is live, and servers block a user after some wrong passwords. So of those that are older than the current
 * one, which nothing points at, one is tried.
 */
const SEARCH = { mostOlder: 1, otherwise: 'its account requires a certificate of the client (REQUIRE X509)' };

/**
 * One user. With two passwords, the new one comes beside the live one, and nobody is ever refused. With one, the session that changes
 * it stays open until the new one has logged in, and changes it back if that fails: the old password is refused for no longer than a
 * login takes, until finishSecret.
 */
export function oneUser(options: MysqlEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { admins, users, secretNamePrefix, urlFields, userHost } = options;
  const isDual = options.strategy === 'dual-password';
  const byAdministrator = admins.length > 0;
  const names = { secretNamePrefix, names: users.map((user) => ['users', user] as const) };

  const isProved = (pending: DatabaseSecret, context: RotationContext) =>
    prove(pending, options, context).then(
      () => true,
      () => false,
    );

  function checkUser({ username }: Stored, { secretId }: Pick<RotationContext, 'secretId'>): void {
    if (users.length > 0) checkIsDeclared(username, namesOfSecret(names, secretId, MYSQL));
  }

  /** A session that may change the password, with the one that is live as far as the secret knows. */
  async function sessionFor(
    passwords: Passwords,
    context: RotationContext,
  ): Promise<Pick<LiveLogin<MysqlSession>, 'session'> & Partial<Login>> {
    const { current, pending } = passwords;
    if (!byAdministrator) {
      const database = ownDatabase(pending, options);
      return liveLogin(
        passwords,
        context.versionId,
        (login) => MysqlSession.open({ database, login }, context),
        SEARCH,
      );
    }
    ownDatabase(current, options); // Refused here, before the administrator logs in.
    const session = await administratorsSession(current, [current.username], options, context);
    return { session, ...(current.password !== undefined && { password: current.password }) };
  }

  async function changeFor(
    session: MysqlSession,
    { live, pending }: { live: string | undefined; pending: DatabaseSecret },
    context: RotationContext,
  ): Promise<ChangeOfPassword & { readonly others?: readonly string[]; readonly hasLive?: boolean }> {
    const { username: user, password } = pending;
    const server = await lockedServer(session, user, context);
    await refuseReplica(session, server);
    if (!byAdministrator) {
      // Whoever logs in with the new password has proved it.
      if (live === undefined || live === password) return { back: '' };
      const change = await ownChange(session, server, { live, password });
      context.log(
        `${nameOf(server.account)} changes its password. Accounts of the user with other host parts keep theirs.`,
      );
      return change;
    }
    const account = await readAccount(session, server, { user, host: userHost });
    checkAccount(account, options.strategy);
    checkOthers(account, live);
    await refusePower(session, account, server);
    const wanted = { password, versionId: context.versionId, live, isDual };
    return {
      ...changeOfPassword(account, wanted, server),
      others: account.others.map(nameOf),
      hasLive: live !== undefined && hasPassword(account, live),
    };
  }

  return {
    publicFields: PUBLIC_FIELDS,
    current: byAdministrator ? mysqlSecrets.withoutPassword : mysqlSecrets.rotated,
    pending: mysqlSecrets.rotated,

    async create(current, context) {
      const password = generatePassword(options);
      if (current === undefined) return { password };
      checkUser(current, context);
      const { username } = current;
      return { password, ...renewedCopies({ ...current }, current, urlFields, { username, password }) };
    },

    async set(passwords, context) {
      const { current, pending } = passwords;
      checkUser(current, context);
      checkSameDatabase(current, pending, current.username);
      const { session, password: live } = await sessionFor(passwords, context);
      const what = `ALTER USER ${pending.username}`;
      const run = (sql: string) => session.run(sql, what).then(() => undefined);
      try {
        const {
          change,
          back,
          again = change,
          after,
          others = [],
          hasLive = false,
        } = await changeFor(session, { live, pending }, context);
        if (change === undefined && !byAdministrator) return;
        const explained = (error: unknown) =>
          others.length > 0 && isRefused(error) ? refusedElsewhere(error, others) : error;
        // What else keeps the live password out, would keep the new one out: then nothing is changed.
        if (change !== undefined && !isDual && hasLive && live !== undefined) {
          await prove({ ...current, password: live }, options, context).catch((error) => {
            if (!isExpired(error)) throw explained(error);
          });
        }
        if (change !== undefined) await run(change);
        try {
          await prove(pending, options, context);
        } catch (error) {
          if (!(await isProved(pending, context))) {
            // Beside the live password, a new one that does not work does no harm.
            if (!isDual && again !== undefined) {
              await context.changeBack({ back: () => run(back), again: () => run(again) }).catch(() => undefined);
            }
            throw explained(error);
          }
        }
        if (after !== undefined) await run(after);
      } finally {
        await session.close();
      }
    },

    async test(pending, context) {
      checkUser(pending, context);
      await prove(pending, options, context);
    },

    async check(current, context) {
      const { look, newValue } = context;
      const pending = await look('A new value', newValue);
      if (current === undefined || pending === undefined) return;
      const { username: user, password: live } = current;
      if (!byAdministrator) return checkOwnLogin(current, options, context);
      await checkAdministratorsLogin(current, [user], options, context, async (session, server) => {
        await look('What the administrator may do', () => checkAdministrator(session, server));
        await look(`The account of ${user}`, async () => {
          const account = await readAccount(session, server, { user, host: userHost });
          checkAccount(account, options.strategy);
          checkOthers(account, live);
          await refusePower(session, account, server);
        });
      });
    },
  };
}

/** The server gives a login to the account whose host part fits best. */
function refusedElsewhere({ message, cause }: RotationError, others: readonly string[]): RotationError {
  return new RotationError(
    'CONFIGURATION',
    `${message} The user has other accounts, ${others.join(', ')}, and logins from the function's address may be theirs: declare the ` +
      'host part that applications use as userHost, or drop the others.',
    { cause },
  );
}
