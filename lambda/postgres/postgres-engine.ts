import { NAME_BYTES } from '../../rules/postgres-rotation.ts';
import type { DatabaseEngine } from '../databases/database-engine.ts';
import { databaseSecrets } from '../databases/database-secret.ts';

export const POSTGRES: DatabaseEngine = {
  names: ['postgres', 'postgresql', 'aurora-postgresql'],
  port: 5432,
  dbname: 'postgres',
  nameBytes: NAME_BYTES,
};

/** The schemas of PostgreSQL's secrets. */
export const postgresSecrets = databaseSecrets(POSTGRES);
