/**
 * The secret of `examples/nestjs/server.ts`, which `npm start -- nestjs` deploys: the login of a PostgreSQL user whose password
 * changes every day. Which database, the environment says as `psql` takes it.
 */
import { readFileSync } from 'node:fs';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

const { PGHOST = 'localhost', PGPORT = '5432', PGDATABASE = 'postgres', PGSSLROOTCERT } = process.env;

const app = new App();
const stack = new TerraformStack(app, 'nestjs');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');
const administrator = new TerraformVariable(stack, 'admin_secret_arn', {
  type: 'string',
  description: "The administrator's secret",
});

const database = new RotatedSecret(stack, 'database', {
  name: 'orders/database',
  initial: {
    engine: 'postgres',
    host: PGHOST,
    port: Number(PGPORT),
    dbname: PGDATABASE,
    username: 'rotaform_orders',
  },
  rotation: Rotation.postgres({
    strategy: 'single-user',
    users: 'rotaform_orders',
    admin: { secretArn: administrator.stringValue, host: PGHOST, port: Number(PGPORT) },
    dbname: PGDATABASE,
    ...(PGSSLROOTCERT && { tls: { ca: readFileSync(PGSSLROOTCERT, 'utf8') } }),
  }),
  schedule: Schedule.rate({ days: 1 }),
});
database.grantRead('orders-service');

app.synth();
