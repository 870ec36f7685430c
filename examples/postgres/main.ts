/**
 * What `npm start -- postgres` deploys: two users of a database, rotated in the two ways. Which database, the environment says
 * as `psql` takes it: PGHOST, PGPORT, PGDATABASE and PGSSLROOTCERT.
 */
import { readFileSync } from 'node:fs';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

const { PGHOST = 'localhost', PGPORT = '5432', PGDATABASE = 'postgres', PGSSLROOTCERT } = process.env;

const app = new App();
const stack = new TerraformStack(app, 'postgres');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');

const administrator = new TerraformVariable(stack, 'admin_secret_arn', {
  type: 'string',
  description: "The administrator's secret",
});
const common = {
  admin: { secretArn: administrator.stringValue, host: PGHOST, port: Number(PGPORT) },
  dbname: PGDATABASE,
  ...(PGSSLROOTCERT && { tls: { ca: readFileSync(PGSSLROOTCERT, 'utf8') } }),
};
const database = {
  engine: 'postgres',
  host: PGHOST,
  port: Number(PGPORT),
  dbname: PGDATABASE,
};
const schedule = Schedule.rate({ days: 30 });

new RotatedSecret(stack, 'shop', {
  name: 'shop/alternating-users',
  initial: { ...database, username: 'rotaform_shop' },
  rotation: Rotation.postgres({ ...common, strategy: 'alternating-users', users: 'rotaform_shop' }),
  schedule,
});
new RotatedSecret(stack, 'reporting', {
  name: 'reporting/single-user',
  initial: { ...database, username: 'rotaform_reporting' },
  rotation: Rotation.postgres({ ...common, strategy: 'single-user', users: 'rotaform_reporting' }),
  schedule,
});

app.synth();
