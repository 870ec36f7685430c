import { readFileSync } from 'node:fs';
import type { FactoryProvider } from '@nestjs/common';
import pg from 'pg';
import { getSecretToken } from 'rotaform-client/nestjs';
import { rotatingClient } from 'rotaform-client/pg';
import type { Secrets } from './secrets.ts';

export const DATABASE = 'DATABASE';

/** Each new connection logs in with the secret's value of that moment. Of the secret nothing else is kept. */
export const databasePool: FactoryProvider<pg.Pool> = {
  provide: DATABASE,
  inject: [getSecretToken('database')],
  useFactory(database: Secrets['database']) {
    const { PGSSLROOTCERT, POOL_MAX_USES } = process.env;
    return new pg.Pool({
      Client: rotatingClient(pg.Client, database, {
        login: ({ host, port, dbname, username, password }) => ({
          host,
          port,
          database: dbname,
          user: username,
          password,
        }),
      }),
      // Sessions outlive a rotation: this ends those of the login before.
      maxLifetimeSeconds: 3600,
      ...(POOL_MAX_USES && { maxUses: Number(POOL_MAX_USES) }),
      ...(PGSSLROOTCERT && { ssl: { ca: readFileSync(PGSSLROOTCERT, 'utf8'), servername: 'localhost' } }),
    });
  },
};
