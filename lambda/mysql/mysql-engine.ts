import { NAME_LIMIT } from '../../rules/mysql-rotation.ts';
import type { DatabaseEngine } from '../databases/database-engine.ts';
import { databaseSecrets } from '../databases/database-secret.ts';

export const MYSQL: DatabaseEngine = {
  names: ['mysql', 'mariadb', 'aurora', 'aurora-mysql'],
  port: 3306,
  // A user of MySQL logs in to the server; no database is needed for that.
  dbname: '',
  nameLimit: NAME_LIMIT,
};

/** The schemas of the secrets of MySQL and MariaDB. */
export const mysqlSecrets = databaseSecrets(MYSQL);
