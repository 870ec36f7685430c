import { randomUUID } from 'node:crypto';
import type { AskedServer } from '../../asked-server.ts';
import { quoted, type rotatedUser } from './rotated-user.ts';

/** The second user of one whose secret alternates, as SQL names it. */
export const cloneOf = ({ first }: Awaited<ReturnType<typeof rotatedUser>>, host = '%') =>
  `${quoted(`${first.username}_clone`)}@${quoted(host)}`;

/** All that the server's own tables and words say of an account, but for its name and its password. */
export async function described(server: AskedServer, account: string): Promise<string> {
  const [, user = '', host = ''] = /^`(.*)`@`(.*)`$/.exec(account) ?? [];
  const name = user.replaceAll('``', '`');
  const rows = (table: string, columns: string, [ofUser, ofHost] = ['User', 'Host']) =>
    server.query(
      `SELECT ${columns} FROM mysql.${table} WHERE ${ofUser} = '${name.replaceAll(/['\\]/g, '\\$&')}' AND ${ofHost} = '${host}'`,
    );
  const [own = {}] = await rows('user', '*');
  const { User, authentication_string, password_last_changed, account_locked, User_attributes, ...columns } = own;
  const attributes = Object(User_attributes);
  const all = [
    columns,
    // An attribute that was taken away leaves an empty list of them.
    { ...attributes, metadata: undefined, additional_password: undefined },
    { ...attributes.metadata },
    ...(await rows('db', '*')),
    ...(await rows('tables_priv', 'Db, Table_name, Table_priv, Column_priv')),
    ...(await rows('columns_priv', 'Db, Table_name, Column_name, Column_priv')),
    ...(await rows('procs_priv', 'Db, Routine_name, Routine_type, Proc_priv')),
    ...(await rows('proxies_priv', 'Proxied_host, Proxied_user, With_grant')),
    ...(await rows('global_grants', 'PRIV, WITH_GRANT_OPTION')),
    ...(await rows('role_edges', 'FROM_HOST, FROM_USER, WITH_ADMIN_OPTION', ['TO_USER', 'TO_HOST'])),
    ...(await rows('default_roles', 'DEFAULT_ROLE_HOST, DEFAULT_ROLE_USER')),
  ];
  return all
    .map((row) => JSON.stringify({ ...row, User: undefined }))
    .toSorted()
    .join('\n');
}

/** A database of its own with a table, routines and a row. */
export async function database(server: AskedServer): Promise<string> {
  const name = `d_${randomUUID().slice(0, 8)}`;
  await server.query([
    `CREATE DATABASE ${name}`,
    `CREATE TABLE ${name}.t (entry int, \`a,\`\`b\` int)`,
    `INSERT INTO ${name}.t (entry) VALUES (1)`,
    `CREATE FUNCTION ${name}.f() RETURNS int DETERMINISTIC RETURN 7`,
    `CREATE PROCEDURE ${name}.p() SELECT 8`,
  ]);
  return name;
}
