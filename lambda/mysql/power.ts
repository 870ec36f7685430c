import { RotationError } from '../rotation/index.ts';
import { type Account, nameOf } from './account.ts';
import type { MysqlSession } from './mysql-session.ts';
import type { Server } from './server.ts';

/** Privileges on `*.*` with which a user could become another one, or act for the server. `PROCESS` and reads are ordinary. */
const AS_SERVER = [
  ...['SUPER', 'CREATE USER', 'FILE', 'SHUTDOWN', 'REPLICATION SLAVE', 'SET USER', 'BINLOG REPLAY', 'FEDERATED ADMIN'],
  ...[
    'SYSTEM_USER',
    'ROLE_ADMIN',
    'SET_USER_ID',
    'SET_ANY_DEFINER',
    'SYSTEM_VARIABLES_ADMIN',
    'BINLOG_ADMIN',
    'CLONE_ADMIN',
  ],
  ...['CREATE ROLE', 'DROP ROLE', 'APPLICATION_PASSWORD_ADMIN'],
];

/** Whoever may write the server's own tables may give itself all of that; on `*.*`, these are among them. */
const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'DROP', 'TRIGGER'];

const listOf = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/**
 * Refuses an account that an administrator must not change: who may write the secret would get what that user may do.
 * @throws CONFIGURATION
 */
export async function refusePower(
  session: MysqlSession,
  account: Account,
  { isMariadb, literal }: Server,
): Promise<void> {
  const [given, taken] = isMariadb
    ? [
        'mysql.roles_mapping',
        "SELECT edge.Role, '' FROM mysql.roles_mapping AS edge JOIN held ON edge.User = held.name AND edge.Host = held.host",
      ]
    : [
        'mysql.role_edges',
        'SELECT edge.FROM_USER, edge.FROM_HOST FROM mysql.role_edges AS edge JOIN held ON edge.TO_USER = held.name AND edge.TO_HOST = held.host',
      ];
  const grantee = `CONCAT('''', held.name, '''@''', held.host, '''')`;
  const [power] = await session.run<{ name: string; host: string; what: string }>(
    `WITH RECURSIVE held (name, host) AS (
      SELECT CAST(${literal(account.user)} AS CHAR(128)), CAST(${literal(account.host)} AS CHAR(255)) UNION ${taken})
    SELECT held.name, held.host, CASE WHEN PRIVILEGE_TYPE IN (${listOf([...AS_SERVER, ...WRITES])})
        THEN PRIVILEGE_TYPE ELSE 'GRANT OPTION' END AS what
      FROM held JOIN information_schema.USER_PRIVILEGES ON GRANTEE = ${grantee}
      WHERE PRIVILEGE_TYPE IN (${listOf([...AS_SERVER, ...WRITES])}) OR IS_GRANTABLE = 'YES'
    UNION ALL SELECT held.name, held.host, CONCAT(PRIVILEGE_TYPE, ' on mysql.*')
      FROM held JOIN information_schema.SCHEMA_PRIVILEGES ON GRANTEE = ${grantee}
      WHERE 'mysql' LIKE TABLE_SCHEMA AND PRIVILEGE_TYPE IN (${listOf(WRITES)})
    UNION ALL SELECT held.name, held.host, CONCAT(PRIVILEGE_TYPE, ' on mysql.', TABLE_NAME)
      FROM held JOIN information_schema.TABLE_PRIVILEGES ON GRANTEE = ${grantee}
      WHERE TABLE_SCHEMA = 'mysql' AND PRIVILEGE_TYPE IN (${listOf(WRITES)})
    LIMIT 1`,
    `reading what ${nameOf(account)} may do (${given})`,
  );
  if (power === undefined) return;
  const { name, host, what } = power;
  const whose =
    name === account.user && host === account.host ? nameOf(account) : `${nameOf(account)} has the role ${name}, which`;
  throw new RotationError(
    'CONFIGURATION',
    `${whose} has ${what}. An administrator changes only users that cannot act for the server or change other users. Revoke it, or ` +
      "let the user change its own password: strategy 'single-user' without admin.",
  );
}
