import pg from 'pg';
import type { Statement, TargetUnderTest } from '../../../testing/index.ts';
import type { RdsServer } from '../../rds-server.ts';
import type { PostgresProxy } from './postgres-proxy.ts';

/** A user of its own for each case of the contract: it owns a table, and may write into one of somebody else's. */
export async function trialUser(
  server: RdsServer,
  proxy: PostgresProxy,
  statement: Statement,
  username: string,
): Promise<TargetUnderTest> {
  const name = (suffix = '') => pg.escapeIdentifier(username + suffix);
  await server.query(`
    CREATE ROLE ${name()} LOGIN PASSWORD 'the first password';
    CREATE TABLE ${name('_own')} (entry int);
    CREATE TABLE ${name('_shared')} (entry int); GRANT SELECT, INSERT ON ${name('_shared')} TO ${name()}`);
  await server.superuser.query(`ALTER TABLE ${name('_own')} OWNER TO ${name()}`);
  const ofUser = proxy.forUser(username, statement);
  return {
    secretString: JSON.stringify({
      engine: 'postgres',
      host: '127.0.0.1',
      port: proxy.port,
      username,
      password: 'the first password',
      dbname: 'postgres',
    }),
    async accepts(secretString) {
      const session = await unlessRefused(server.login(JSON.parse(secretString)));
      await session?.query(
        `ALTER TABLE ${name('_own')} ALTER entry SET DEFAULT 1; SELECT * FROM ${name('_own')}; INSERT INTO ${name('_shared')} VALUES (1)`,
      );
      await session?.end();
      return session !== undefined;
    },
    /** Its roles, and who is a member of them: an administrator's membership that is left over counts. */
    async list() {
      const ours = (role: string) => `starts_with(${role}, ${pg.escapeLiteral(username)})`;
      return server.query(`SELECT rolname::text AS role, NULL AS member FROM pg_roles WHERE ${ours('rolname')}
        UNION ALL SELECT roles.rolname, members.rolname FROM pg_auth_members
          JOIN pg_roles AS roles ON roleid = roles.oid JOIN pg_roles AS members ON member = members.oid
          WHERE ${ours('roles.rolname')}`);
    },
    async revoke(secretString) {
      const { username: whose } = JSON.parse(secretString);
      await server.query(`ALTER ROLE ${pg.escapeIdentifier(whose)} PASSWORD 'set by a person'`);
    },
    refused: () => ofUser.refused,
    refuseNext: () => ofUser.refuseNext(),
  };
}

async function unlessRefused<Session>(login: Promise<Session>): Promise<Session | undefined> {
  try {
    return await login;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '28P01') return undefined;
    throw error;
  }
}
