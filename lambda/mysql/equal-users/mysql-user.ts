import { randomBytes } from 'node:crypto';
import { accountSql, pluginOf } from '../account.ts';
import { identifier } from '../mysql-session.ts';
import { CACHING_SHA2 } from '../password-hash.ts';
import { type KindOfUser, QUOTED, sortedLists } from './described-user.ts';
import { type MysqlUserRow, mysqlOptionsOf, type UserAttributes } from './mysql-options.ts';

/** The account's own columns, and those that only its password changes. */
const NOT_COMPARED = [
  'Host',
  'User',
  'plugin',
  'authentication_string',
  'password_expired',
  'password_last_changed',
  'account_locked',
];

type Row = MysqlUserRow & Readonly<Record<string, unknown>>;

export const MYSQL_USER: KindOfUser = {
  settings: "SET SESSION sql_mode = '', SESSION sql_quote_show_create = 1",
  defaultRoleOf: 'TO',

  locked({ methods: [method] }) {
    const plugin = (method && pluginOf(method)) ?? CACHING_SHA2;
    const hash = plugin.hash(randomBytes(24).toString('base64'), '');
    return `IDENTIFIED WITH ${plugin.name} AS 0x${hash.toString('hex')} ACCOUNT LOCK`;
  },

  async describe(session, { literal }, { user, host }) {
    const account = accountSql({ user, host });
    const what = `reading what ${user} has`;
    const where = (name: string, part: string) => `WHERE ${name} = ${literal(user)} AND ${part} = ${literal(host)}`;
    const [row] = await session.run<Row>(`SELECT * FROM mysql.user ${where('User', 'Host')}`, what);
    if (row === undefined) throw session.refused(`has no ${account} any more: somebody dropped it.`);
    const roles = await session.run<{ name: string; part: string }>(
      `SELECT DEFAULT_ROLE_USER AS name, DEFAULT_ROLE_HOST AS part FROM mysql.default_roles ${where('USER', 'HOST')}`,
      what,
    );
    const grants = await session.run<Record<string, string>>(`SHOW GRANTS FOR ${account}`, what);
    const attributes = JSON.parse(String(row.User_attributes ?? '{}')) as UserAttributes;
    // The password is each user's own; restrictions are among the grants.
    const { metadata, Password_locking, additional_password, Restrictions, ...others } = attributes;
    const columns = Object.entries({ ...row, User_attributes: others });
    return {
      roles:
        roles
          .map(({ name, part }) => `${identifier(name)}@${identifier(part)}`)
          .toSorted()
          .join(', ') || 'NONE',
      options: mysqlOptionsOf(row, attributes),
      attribute: metadata === undefined || Object.keys(metadata).length === 0 ? '' : JSON.stringify(metadata),
      grants: grants.map((each) => anonymous(Object.values(each)[0] ?? '', account)).toSorted(),
      rest: columns
        .filter(([name]) => !NOT_COMPARED.includes(name))
        .map(([name, value]) => `mysql.user.${name} ${JSON.stringify(value)}`),
    };
  },
};

/** A row of SHOW GRANTS without whose it is. */
const anonymous = (row: string, account: string) =>
  sortedLists(sortedLists(row.replaceAll(account, 'USER'), `${QUOTED}@${QUOTED}`, ','), QUOTED, ', ');
