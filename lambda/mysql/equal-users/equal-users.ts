import type { Turn } from '../../databases/turn.ts';
import { type RotationContext, RotationError } from '../../rotation/index.ts';
import { type Account, accountSql } from '../account.ts';
import { errnoOf } from '../mysql-error.ts';
import type { MysqlSession } from '../mysql-session.ts';
import type { Server } from '../server.ts';
import { checkedUsers } from './checked-users.ts';
import { type DescribedUser, partsOf } from './described-user.ts';
import { differences, type Grant } from './differences.ts';
import { MARIADB_USER } from './mariadb-user.ts';
import { MYSQL_USER } from './mysql-user.ts';
import { privilegesOf } from './privileges.ts';

/** A table, a column, a routine or a role that is not there. */
const GONE = [1054, 1146, 1305, 1959, 3523];
const NO_SUCH_TABLE = 1146;

/** How often the server's own descriptions are made equal: one change may have another one follow. */
const ROUNDS = 2;

/**
 * Gives the user whose turn it is exactly what the user in use has: privileges, roles, options. What is missing comes first, then what
 * is too much goes; at the end the server's own descriptions of both are compared. A user that is not there is made, and stays locked.
 * @returns the account by which the other one goes
 * @throws CONFIGURATION where they cannot be made equal; PRIVILEGE, SERVICE
 */
export async function equalUsers(
  session: MysqlSession,
  server: Server,
  { current, pending, host }: Turn & { readonly host: string },
  { log }: Pick<RotationContext, 'log'>,
): Promise<Account> {
  const { literal } = server;
  const kind = server.isMariadb ? MARIADB_USER : MYSQL_USER;
  await session.run(kind.settings, 'setting the session');
  const { target, model, found } = await checkedUsers(session, server, { current, pending, host });
  if (model.user === pending) return model;
  if (found === undefined) await change(`CREATE USER ${accountSql(target)} ${kind.locked(model)}`);
  const described = (user: string) => kind.describe(session, server, { user, host });

  let [one, other] = [await described(current), await described(pending)];
  for (let round = 0; round < ROUNDS && !isEqual(one, other); round += 1) {
    await makeEqual(one, other);
    [one, other] = [await described(current), await described(pending)];
  }
  // An older password that MySQL keeps is the other user's own.
  if (isEqual(one, other)) return { ...model, ...(!server.isMariadb && { retained: found?.retained }) };
  const [ofOne, ofOther] = [missingIn(partsOf(other), partsOf(one)), missingIn(partsOf(one), partsOf(other))];
  throw refused(
    `${current} and ${pending} are not equal. Only ${current} has: ${ofOne.join('; ') || 'nothing'}. Only ${pending} has: ` +
      `${ofOther.join('; ') || 'nothing'}. Make them equal by hand, or take it away from both.`,
  );

  async function makeEqual(wanted: DescribedUser, own: DescribedUser): Promise<void> {
    const account = accountSql(target);
    const [all = [], held = []] = await privilegesOf(session, server, { users: [current, pending], host });
    const { grants, revokes } = differences(all, held, { account, isMariadb: server.isMariadb });
    for (const each of grants) await grant(each);
    if (wanted.roles !== own.roles) await change(`SET DEFAULT ROLE ${wanted.roles} ${kind.defaultRoleOf} ${account}`);
    for (const sql of revokes) await change(sql);
    if (wanted.options !== own.options) await change(`ALTER USER ${account} ${wanted.options}`);
    if (wanted.attribute === own.attribute) return;
    // The server merges it with what is there; null takes away.
    const without = Object.keys(JSON.parse(own.attribute || '{}')).map((key) => [key, null]);
    for (const patch of [without.length > 0 && JSON.stringify(Object.fromEntries(without)), wanted.attribute]) {
      if (patch) await change(`ALTER USER ${account} ATTRIBUTE ${literal(patch)}`);
    }
  }

  async function change(sql: string): Promise<void> {
    try {
      await session.run(sql, sql);
    } catch (error) {
      if (!GONE.includes(errnoOf(error) ?? 0)) throw error;
      throw refused(
        `${(error as Error).message} ${current} has a privilege on what is not there. Revoke it from ${current}, or make it again.`,
      );
    }
    log(sql);
  }

  async function grant({ sql, ifTableIsGone }: Grant): Promise<void> {
    try {
      await session.run(sql, sql);
      log(sql);
    } catch (error) {
      for (const instead of errnoOf(error) === NO_SUCH_TABLE ? ifTableIsGone : [sql]) await change(instead);
    }
  }
}

const isEqual = (one: DescribedUser, other: DescribedUser) => partsOf(one).join('\n') === partsOf(other).join('\n');

const missingIn = (some: readonly string[], all: readonly string[]) => all.filter((each) => !some.includes(each));

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
