import type { Turn } from '../../databases/turn.ts';
import { type RotationContext, RotationError } from '../../rotation/index.ts';
import { type Account, accountSql } from '../account.ts';
import { errnoOf } from '../mysql-error.ts';
import { identifier, type MysqlSession } from '../mysql-session.ts';
import type { Server } from '../server.ts';
import { checkedUsers } from './checked-users.ts';
import { differences, type Grant } from './differences.ts';
import { optionsOf, type Priv } from './options.ts';
import { privilegesOf } from './privileges.ts';

/** A table, a column, a routine or a role that is not there. */
const GONE = [1054, 1146, 1305, 1959];
const NO_SUCH_TABLE = 1146;

/** A user as the server describes it, without its name and methods. */
interface Described {
  readonly priv: Priv;
  readonly options: string;
  readonly grants: readonly string[];
}

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
  // Names are told in one way, and no GRANT makes a user.
  await session.run(
    "SET SESSION sql_mode = 'NO_AUTO_CREATE_USER', SESSION sql_quote_show_create = 1",
    'setting the session',
  );
  const { target, model, found } = await checkedUsers(session, server, { current, pending, host });
  if (model.user === pending) return model;
  if (found === undefined) {
    await change(`CREATE USER ${accountSql(target)} IDENTIFIED VIA mysql_native_password USING 'invalid' ACCOUNT LOCK`);
  }

  let [one, other] = [await described(current), await described(pending)];
  if (isEqual(one, other)) return model;
  const users = [current, pending];
  const [wanted = [], own = []] = await privilegesOf(session, server, { users, host });
  const { grants, revokes } = differences(wanted, own, accountSql(target));
  for (const each of grants) await grant(each);
  const { default_role: role = '' } = one.priv;
  if (role !== (other.priv.default_role ?? '')) {
    await change(`SET DEFAULT ROLE ${role === '' ? 'NONE' : identifier(role)} FOR ${accountSql(target)}`);
  }
  for (const sql of revokes) await change(sql);
  if (one.options !== other.options) await change(`ALTER USER ${accountSql(target)} ${one.options}`);

  [one, other] = [await described(current), await described(pending)];
  if (isEqual(one, other)) return model;
  const unequal = [one, other].map(({ options, grants: all }) => [...all, options]) as [string[], string[]];
  const [ofOne, ofOther] = [missingIn(unequal[1], unequal[0]), missingIn(unequal[0], unequal[1])];
  throw refused(
    `${current} and ${pending} are not equal. Only ${current} has: ${ofOne.join('; ') || 'nothing'}. Only ${pending} has: ` +
      `${ofOther.join('; ') || 'nothing'}. Make them equal by hand, or take it away from both.`,
  );

  async function described(user: string): Promise<Described> {
    const account = accountSql({ user, host });
    const what = `reading what ${user} has`;
    const [row] = await session.run<{ priv: string }>(
      `SELECT Priv AS priv FROM mysql.global_priv WHERE User = ${literal(user)} AND Host = ${literal(host)}`,
      what,
    );
    const priv: Priv = JSON.parse(row?.priv ?? '{}');
    const rows = await session.run<Record<string, string>>(`SHOW GRANTS FOR ${account}`, what);
    const grants = rows.map((each) => anonymous(Object.values(each)[0] ?? '', account));
    return { priv, options: optionsOf(priv, literal), grants: grants.toSorted() };
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

/**
 * A row of SHOW GRANTS without whose it is, and with its lists in one order: columns are in that of the account. The options that stand
 * in the first row are compared by themselves.
 */
function anonymous(row: string, account: string): string {
  const text = row.replaceAll(account, 'USER').replace(/( ON \*\.\* TO USER).*$/s, '$1');
  return text.replace(/\((`(?:[^`]|``)+`(?:, )?)+\)/g, (list) => {
    const columns = list.match(/`(?:[^`]|``)+`/g) ?? [];
    return `(${columns.toSorted().join(', ')})`;
  });
}

const isEqual = (one: Described, other: Described) =>
  one.options === other.options && one.grants.join('\n') === other.grants.join('\n');

const missingIn = (some: readonly string[], all: readonly string[]) => all.filter((each) => !some.includes(each));

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
