import { identifier, type MysqlSession } from '../mysql-session.ts';
import type { Server } from '../server.ts';

/** Something that an account was granted. */
export interface Held {
  /** MySQL grants each of its dynamic privileges with an option of its own; a restriction takes a privilege away from one database. */
  readonly kind: 'privilege' | 'dynamic' | 'restriction' | 'role' | 'proxy';
  /** What it is for, as SQL has it after ON: `*.*`, a table, a routine, an account; of a role, its name. */
  readonly on: string;
  /** Such as SELECT, or SELECT (`column`). Nothing for a role. */
  readonly what: string;
  /** WITH GRANT OPTION, or WITH ADMIN OPTION. */
  readonly canGrant: boolean;
}

interface Row {
  readonly grantee: string;
  readonly kind: string;
  readonly db: string;
  readonly name: string;
  readonly columnName: string;
  readonly what: string;
  readonly canGrant: number | string;
}

/** Every privilege by itself: the server's own words for many of them are one, `ALL PRIVILEGES`. */
const PRIVILEGES = [
  ['USER', "''", "''", "''"],
  ['SCHEMA', 'TABLE_SCHEMA', "''", "''"],
  ['TABLE', 'TABLE_SCHEMA', 'TABLE_NAME', "''"],
  ['COLUMN', 'TABLE_SCHEMA', 'TABLE_NAME', 'COLUMN_NAME'],
].map(
  ([level, db, name, columnName]) =>
    `SELECT GRANTEE AS grantee, '${level}' AS kind, ${db} AS db, ${name} AS name, ${columnName} AS columnName,
      PRIVILEGE_TYPE AS what, IS_GRANTABLE = 'YES' AS canGrant FROM information_schema.${level}_PRIVILEGES WHERE GRANTEE IN ($grantees)`,
);

const GRANTEE = "CONCAT('''', User, '''@''', Host, '''')";
const OTHERS = [
  `SELECT ${GRANTEE}, Routine_type, Db, Routine_name, '', Proc_priv, FIND_IN_SET('Grant', Proc_priv) > 0 FROM mysql.procs_priv`,
  `SELECT ${GRANTEE}, 'PROXY', Proxied_user, Proxied_host, '', 'PROXY', With_grant FROM mysql.proxies_priv`,
].map((sql) => `${sql} WHERE ${GRANTEE} IN ($grantees)`);

const ofEdge = (user: string, host: string) => `CONCAT('''', ${user}, '''@''', ${host}, '''')`;
const OF_PRODUCT = {
  MariaDB: [
    `SELECT ${GRANTEE}, 'ROLE', '', Role, '', '', Admin_option = 'Y' FROM mysql.roles_mapping WHERE ${GRANTEE} IN ($grantees)`,
  ],
  MySQL: [
    `SELECT ${ofEdge('TO_USER', 'TO_HOST')}, 'ROLE OF MYSQL', FROM_USER, FROM_HOST, '', '', WITH_ADMIN_OPTION = 'Y' FROM mysql.role_edges
      WHERE ${ofEdge('TO_USER', 'TO_HOST')} IN ($grantees)`,
    `SELECT ${GRANTEE}, 'DYNAMIC', '', '', '', PRIV, WITH_GRANT_OPTION = 'Y' FROM mysql.global_grants WHERE ${GRANTEE} IN ($grantees)`,
    `SELECT ${GRANTEE}, 'RESTRICTION', part.db, '', '', UPPER(part.what), 0 FROM mysql.user, JSON_TABLE(User_attributes, '$.Restrictions[*]'
      COLUMNS (db VARCHAR(64) PATH '$.Database', NESTED PATH '$.Privileges[*]' COLUMNS (what VARCHAR(64) PATH '$'))) AS part
      WHERE ${GRANTEE} IN ($grantees)`,
  ],
};

/** What each of the users was granted, in their order. @throws PRIVILEGE */
export async function privilegesOf(
  session: MysqlSession,
  { literal, isMariadb }: Pick<Server, 'literal' | 'isMariadb'>,
  { users, host }: { readonly users: readonly string[]; readonly host: string },
): Promise<readonly (readonly Held[])[]> {
  // The server itself escapes nothing here.
  const grantees = users.map((user) => `'${user}'@'${host}'`);
  const sql = [...PRIVILEGES, ...OTHERS, ...OF_PRODUCT[isMariadb ? 'MariaDB' : 'MySQL']]
    .join('\nUNION ALL ')
    .replaceAll('$grantees', grantees.map(literal).join(', '));
  const rows = await session.run<Row>(sql, `reading what ${users.join(' and ')} may do`);
  // Not in SQL, which takes App for app.
  return grantees.map((grantee) => {
    const own = rows.filter((row) => row.grantee === grantee);
    // MySQL lists these among the others as well.
    const dynamic = own.filter(({ kind }) => kind === 'DYNAMIC').map(({ what }) => what);
    return own.filter(({ kind, what }) => kind !== 'USER' || !dynamic.includes(what)).flatMap(heldOf);
  });
}

function heldOf({ kind, db, name, columnName, what, canGrant }: Row): Held[] {
  const held = { kind: 'privilege', canGrant: Number(canGrant) === 1 } as const;
  const [ofDb, ofName] = [identifier(db), identifier(name)];
  switch (kind) {
    case 'USER':
      return [{ ...held, on: '*.*', what }];
    case 'SCHEMA':
      return [{ ...held, on: `${ofDb}.*`, what }];
    case 'TABLE':
      return [{ ...held, on: `${ofDb}.${ofName}`, what }];
    case 'COLUMN':
      return [{ ...held, on: `${ofDb}.${ofName}`, what: `${what} (${identifier(columnName)})` }];
    case 'ROLE':
      return [{ ...held, kind: 'role', on: ofName, what }];
    case 'ROLE OF MYSQL':
      return [{ ...held, kind: 'role', on: `${ofDb}@${ofName}`, what }];
    case 'DYNAMIC':
      return [{ ...held, kind: 'dynamic', on: '*.*', what }];
    case 'RESTRICTION':
      return [{ ...held, kind: 'restriction', on: `${ofDb}.*`, what }];
    case 'PROXY':
      return [{ ...held, kind: 'proxy', on: `${ofDb}@${ofName}`, what }];
    default:
      return what
        .split(',')
        .map((each) => (each === 'Grant' ? USAGE : each.toUpperCase()))
        .map((each) => ({ ...held, on: `${kind} ${ofDb}.${ofName}`, what: each }));
  }
}

/** The privilege to do nothing. */
export const USAGE = 'USAGE';
