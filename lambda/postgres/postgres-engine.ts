import { NAME_LIMIT } from '../../rules/postgres-rotation.ts';
import type { DatabaseEngine } from '../databases/database-engine.ts';
import { databaseSecrets } from '../databases/database-secret.ts';

export const POSTGRES: DatabaseEngine = {
  names: ['postgres', 'postgresql', 'aurora-postgresql'],
  port: 5432,
  dbname: 'postgres',
  nameLimit: NAME_LIMIT,
};

/** The schemas of PostgreSQL's secrets. */
export const postgresSecrets = databaseSecrets(POSTGRES);
