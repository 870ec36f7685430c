import type { ThrowAwayPostgresOptions } from '../harness/throw-away-postgres.ts';
import { type PostgresServer, postgresServer } from './postgres-server.ts';

/** A server as RDS hands it over: whoever asks is its administrator, who may make roles and databases and is no superuser. */
export interface RdsServer extends PostgresServer {
  /** The same server, asked by the superuser that RDS keeps to itself. */
  readonly superuser: PostgresServer;
}

/** Starts such a server, and stops it after the tests of the file. */
export async function rdsServer(options: ThrowAwayPostgresOptions = {}): Promise<RdsServer> {
  return asOnRds(await postgresServer(options));
}

/**
 * Makes an administrator as RDS has it: owner of the database, with the server's own roles to hand on.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html
 */
async function asOnRds(superuser: PostgresServer): Promise<RdsServer> {
  const admin = { username: 'master', password: 'of the administrator' };
  await superuser.query(`CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD '${admin.password}';
    ALTER DATABASE postgres OWNER TO master;
    DO $$ BEGIN
      IF current_setting('server_version_num')::int < 150000 THEN ALTER SCHEMA public OWNER TO master; END IF;
      IF current_setting('server_version_num')::int >= 140000 THEN
        GRANT pg_read_all_data, pg_write_all_data TO master WITH ADMIN OPTION;
      END IF;
      GRANT pg_monitor, pg_signal_backend TO master WITH ADMIN OPTION;
    END $$`);
  return { ...superuser, ...admin, superuser, query: (sql, as = admin) => superuser.query(sql, as) };
}
