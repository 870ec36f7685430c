import { RotationError } from '../rotation/index.ts';
import { type Account, nameOf } from './account.ts';
import type { MysqlSession } from './mysql-session.ts';
import type { Server } from './server.ts';

/**
 * With these, on the whole server or on its own tables, nobody can become another user or act for the server: reads, and what changes
 * nothing. Whatever else a server has, now or later, is power.
 */
const HARMLESS = [
  ...['USAGE', 'SELECT', 'SHOW DATABASES', 'SHOW VIEW', 'PROCESS', 'RELOAD', 'REFERENCES', 'LOCK TABLES'],
  ...['CREATE TEMPORARY TABLES', 'REPLICATION CLIENT', 'BINLOG MONITOR', 'REPLICA MONITOR', 'SHOW CREATE ROUTINE'],
  // MySQL's own.
  ...['BACKUP_ADMIN', 'SHOW_ROUTINE', 'FLUSH_OPTIMIZER_COSTS', 'FLUSH_STATUS', 'FLUSH_TABLES', 'FLUSH_USER_RESOURCES'],
];

/** MariaDB's privileges on `*.*`, by the bits of its number. */
const BITS = [
  ...[
    'SELECT',
    'INSERT',
    'UPDATE',
    'DELETE',
    'CREATE',
    'DROP',
    'RELOAD',
    'SHUTDOWN',
    'PROCESS',
    'FILE',
    'GRANT OPTION',
  ],
  ...['REFERENCES', 'INDEX', 'ALTER', 'SHOW DATABASES', 'SUPER', 'CREATE TEMPORARY TABLES', 'LOCK TABLES', 'EXECUTE'],
  ...['REPLICATION SLAVE', 'BINLOG MONITOR', 'CREATE VIEW', 'SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE'],
  ...['CREATE USER', 'EVENT', 'TRIGGER', 'CREATE TABLESPACE', 'DELETE HISTORY', 'SET USER', 'FEDERATED ADMIN'],
  ...['CONNECTION ADMIN', 'READ_ONLY ADMIN', 'REPLICATION SLAVE ADMIN', 'REPLICATION MASTER ADMIN', 'BINLOG ADMIN'],
  ...['BINLOG REPLAY', 'REPLICA MONITOR', 'SHOW CREATE ROUTINE'],
];

/** The columns `…_priv` of `mysql.db` that are power if they are about the server's own tables. */
const ON_DATABASE = [
  ...['Insert', 'Update', 'Delete', 'Create', 'Drop', 'Grant', 'Index', 'Alter', 'Create_view', 'Create_routine'],
  ...['Alter_routine', 'Execute', 'Event', 'Trigger'],
];

/** And those of `mysql.user`, which MySQL has no new ones of. */
const ON_SERVER = [
  ...ON_DATABASE,
  ...['Shutdown', 'File', 'Super', 'Repl_slave', 'Create_user', 'Create_tablespace', 'Create_role', 'Drop_role'],
];

interface Row {
  readonly name: string;
  readonly host: string;
  /** Which privileges, between commas; of MariaDB's `*.*`, a number. */
  readonly what: string;
  /** What for: nothing for the whole server, a pattern of databases, or one of the server's own tables. */
  readonly db: string;
  readonly tableName: string;
}

/**
 * Refuses an account that an administrator must not change: who may write the secret would get what that user may do. The tables
 * themselves are read: an administrator who may not read them is refused by the server, where information_schema would say that there
 * is nothing.
 * @throws CONFIGURATION, PRIVILEGE
 */
export async function refusePower(
  session: MysqlSession,
  account: Account,
  { isMariadb, literal, mandatoryRoles }: Server,
): Promise<void> {
  const mandatory = rolesIn(mandatoryRoles).map((role) => ` UNION SELECT ${role.map(literal).join(', ')}`);
  const rows = await session.run<Row>(
    `WITH RECURSIVE held (name, host) AS (
      SELECT CAST(${literal(account.user)} AS CHAR(128)), CAST(${literal(account.host)} AS CHAR(255))${mandatory.join('')}
      UNION ${isMariadb ? MARIADB.roles : MYSQL.roles})
    ${isMariadb ? MARIADB.server : MYSQL.server}
    UNION ALL SELECT name, held.host, ${flagged(ON_DATABASE)}, Db, '' FROM held JOIN mysql.db ON ${IS_OF_HELD}
    UNION ALL SELECT name, held.host, CONCAT_WS(',', Table_priv, Column_priv), Db, Table_name
      FROM held JOIN mysql.tables_priv ON ${IS_OF_HELD} AND Db = 'mysql'
    UNION ALL SELECT name, held.host, Proc_priv, Db, Routine_name FROM held JOIN mysql.procs_priv ON ${IS_OF_HELD} AND Db = 'mysql'`,
    `reading what ${nameOf(account)} may do`,
  );
  for (const { name, host, what, db, tableName } of rows) {
    if (db !== '' && !isPatternOfMysql(db)) continue;
    const names = /^\d+$/.test(what) ? namesOf(BigInt(what)) : what.split(',').map(wordOf);
    const power = names.find((each) => each !== '' && !HARMLESS.includes(each));
    if (power === undefined) continue;
    const whose =
      name === account.user && host === account.host
        ? nameOf(account)
        : `${nameOf(account)} has the role ${name}, which`;
    const where = db === '' ? '' : ` on mysql.${tableName || '*'}`;
    throw new RotationError(
      'CONFIGURATION',
      `${whose} has ${power}${where}. An administrator changes only users that cannot act for the server or change other users. Revoke ` +
        "it, or let the user change its own password: strategy 'single-user' without admin.",
    );
  }
}

/** The columns that say Y, between commas. */
const flagged = (names: readonly string[]) =>
  `CONCAT_WS(',', ${names.map((name) => `IF(${name}_priv = 'Y', '${name}', NULL)`).join(', ')})`;

/** Servers take grants to other host parts of the user, and to the nameless one, if they fit the client's address. */
const IS_OF_HELD = "User IN (name, '')";

const MARIADB = {
  // Everybody has PUBLIC; where there is none, nothing is found.
  roles: `SELECT 'PUBLIC', '' UNION
      SELECT edge.Role, '' FROM mysql.roles_mapping AS edge JOIN held ON edge.User = held.name AND edge.Host = held.host`,
  server: `SELECT name, held.host, JSON_VALUE(Priv, '$.access') AS what, '' AS db, '' AS tableName
      FROM held JOIN mysql.global_priv AS own ON own.User = name AND own.Host = held.host`,
};

const MYSQL = {
  // Some of its plug-ins let a user act as whom it is a proxy for.
  roles: `SELECT edge.FROM_USER, edge.FROM_HOST FROM (SELECT FROM_USER, FROM_HOST, TO_USER, TO_HOST FROM mysql.role_edges
        UNION ALL SELECT Proxied_user, Proxied_host, User, Host FROM mysql.proxies_priv) AS edge
      JOIN held ON edge.TO_USER = held.name AND edge.TO_HOST = held.host`,
  server: `SELECT name, held.host, ${flagged(ON_SERVER)} AS what, '' AS db, '' AS tableName
      FROM held JOIN mysql.user AS own ON own.User = name AND own.Host = held.host
    UNION ALL SELECT name, held.host, CONCAT_WS(',', PRIV, IF(WITH_GRANT_OPTION = 'Y', 'Grant', NULL)), '', ''
      FROM held JOIN mysql.global_grants AS own ON own.USER = name AND own.HOST = held.host
    UNION ALL SELECT name, held.host, 'PROXY ON ANY USER', '', ''
      FROM held JOIN mysql.proxies_priv AS own ON own.User = name AND own.Host = held.host AND Proxied_user = ''`,
};

/** MySQL's list of accounts, each a name and a host part, in quotes of any kind or in none. */
function rolesIn(mandatoryRoles: string): readonly (readonly [name: string, host: string])[] {
  const part = String.raw`(?:'([^']*)'|"([^"]*)"|\`([^\`]*)\`|([^\s,@'"\`]+))`;
  return [...mandatoryRoles.matchAll(new RegExp(`${part}(?:@${part})?`, 'g'))].map(([, ...found]) => {
    const [name = '', host = '%'] = [found.slice(0, 4), found.slice(4)].map((of) =>
      of.find((each) => each !== undefined),
    );
    return [name, host];
  });
}

/** In the words of GRANT. */
function wordOf(name: string): string {
  if (/^grant$/i.test(name)) return 'GRANT OPTION';
  if (name === 'Repl_slave') return 'REPLICATION SLAVE';
  // MySQL's own have their underscores in GRANT, too.
  return /[a-z]/.test(name) ? name.toUpperCase().replaceAll('_', ' ') : name;
}

function namesOf(access: bigint): readonly string[] {
  const names = [...access.toString(2)].toReversed().map((bit, index) => (bit === '1' ? index : -1));
  return names.filter((index) => index >= 0).map((index) => BITS[index] ?? `privilege ${index}`);
}

/** As servers compare it: `_` is any character, `%` any text, a backslash takes that away. */
function isPatternOfMysql(pattern: string): boolean {
  const source = pattern.replaceAll(/\\?[\s\S]/g, (each) => {
    if (each === '%') return '.*';
    return each === '_' ? '.' : (each.at(-1)?.replace(/\W/, '\\$&') ?? '');
  });
  return new RegExp(`^${source}$`, 'is').test('mysql');
}
