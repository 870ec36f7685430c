import type { Statement, TargetUnderTest } from '../../../testing/index.ts';
import type { AskedServer } from '../../asked-server.ts';
import type { MysqlProxy } from './mysql-proxy.ts';
import { quoted } from './rotated-user.ts';

const ACCOUNTS = {
  MariaDB: `SELECT User, Host,
    JSON_REMOVE(Priv, '$.authentication_string', '$.auth_or', '$.password_last_changed', '$.version_id') AS priv
    FROM mysql.global_priv`,
  MySQL: 'SELECT * FROM mysql.user',
};

/** A user of its own for each case of the contract, who may write into a table of somebody else's. */
export async function trialUser(
  server: AskedServer,
  proxy: MysqlProxy,
  statement: Statement,
  username: string,
): Promise<TargetUnderTest> {
  const [name, table] = [quoted(username), `shop.${quoted(username)}`];
  await server.query([
    `CREATE USER ${name} IDENTIFIED BY 'the first password'`,
    `CREATE TABLE ${table} (entry int)`,
    `GRANT SELECT, INSERT ON ${table} TO ${name}`,
  ]);
  const ofUser = proxy.forUser(username, statement);
  return {
    secretString: JSON.stringify({
      engine: server.product.toLowerCase(),
      host: '127.0.0.1',
      port: proxy.port,
      username,
      password: 'the first password',
      dbname: 'shop',
    }),
    async accepts(secretString) {
      const login = JSON.parse(secretString);
      if (!(await server.accepts(login))) return false;
      await server.query(`INSERT INTO ${table} VALUES (1)`, login);
      return true;
    },
    /** The accounts of that name, and of the second user, with all that the server has of them but what is to change. */
    async list() {
      const rows = await server.query(`${ACCOUNTS[server.product]} WHERE User IN ('${username}', '${username}_clone')`);
      return rows.map(({ authentication_string, password_last_changed, User_attributes: attributes, ...row }) => ({
        account: JSON.stringify({ ...row, attributes: { ...Object(attributes), additional_password: undefined } }),
      }));
    },
    async revoke(secretString) {
      const { username: whose } = JSON.parse(secretString);
      await server.query(`ALTER USER ${quoted(whose)} IDENTIFIED BY 'set by a person'`);
    },
    refused: () => ofUser.refused,
    refuseNext: () => ofUser.refuseNext(),
  };
}
