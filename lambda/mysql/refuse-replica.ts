import { errnoOf } from './mysql-error.ts';
import type { MysqlSession } from './mysql-session.ts';
import { isSince, type Server } from './server.ts';

/** Whoever has not the privilege to ask. */
const FORBIDDEN = 1227;

/** In whichever words the server has for it. */
interface Replication {
  readonly Slave_SQL_Running?: string;
  readonly Replica_SQL_Running?: string;
  readonly Master_Host?: string;
  readonly Source_Host?: string;
  readonly Master_Port?: string;
  readonly Source_Port?: string;
  readonly Master_Server_Id?: string;
  readonly Source_Server_Id?: string;
}

/**
 * Refuses a replica that is writable: its writer would not learn the new password. Two servers that replicate each other are both
 * writers. A user who may not ask, is told nothing by the server.
 * @throws CONFIGURATION
 */
export async function refuseReplica(session: MysqlSession, { isMariadb, version }: Server): Promise<void> {
  const isNew = !isMariadb && isSince(version, [8, 0, 22]);
  const status = isMariadb ? 'SHOW ALL SLAVES STATUS' : isNew ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS';
  const ask = async <Row extends object>(sql: string) => {
    try {
      return await session.run<Row>(sql, 'asking whether this is a replica');
    } catch (error) {
      if (errnoOf(error) === FORBIDDEN) return [];
      throw error;
    }
  };
  for (const row of await ask<Replication>(status)) {
    if ((row.Slave_SQL_Running ?? row.Replica_SQL_Running) === 'No') continue;
    const writer = Number(row.Master_Server_Id ?? row.Source_Server_Id);
    const replicas = await ask<{ Server_id?: string; Server_Id?: string }>(
      isNew ? 'SHOW REPLICAS' : 'SHOW SLAVE HOSTS',
    );
    if (replicas.some(({ Server_id, Server_Id = Server_id }) => Number(Server_Id) === writer)) continue;
    throw session.refused(
      `is a replica of ${row.Master_Host ?? row.Source_Host}:${row.Master_Port ?? row.Source_Port}, which would not learn the password. Give ` +
        'the host of the writer. If each replicates the other, let the function see that: GRANT REPLICATION MASTER ADMIN (on MySQL: ' +
        'REPLICATION SLAVE).',
    );
  }
}
