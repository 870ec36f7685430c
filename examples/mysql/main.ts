/**
 * What `npm start -- mysql` deploys: logins of a server, rotated in the three ways. Which server, the environment says: MYSQL_HOST,
 * MYSQL_TCP_PORT and MYSQL_SSL_CA.
 */
import { readFileSync } from 'node:fs';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

const { MYSQL_HOST = 'localhost', MYSQL_TCP_PORT = '3306', MYSQL_SSL_CA } = process.env;

const app = new App();
const stack = new TerraformStack(app, 'mysql');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');

const administrator = new TerraformVariable(stack, 'admin_secret_arn', {
  type: 'string',
  description: "The administrator's secret",
});
const server = { host: MYSQL_HOST, port: Number(MYSQL_TCP_PORT) };
const common = {
  admin: { secretArn: administrator.stringValue, ...server },
  ...(MYSQL_SSL_CA && { tls: { ca: readFileSync(MYSQL_SSL_CA, 'utf8') } }),
};
const schedule = Schedule.rate({ days: 30 });

new RotatedSecret(stack, 'shop', {
  name: 'shop/dual-password',
  initial: { engine: 'mysql', ...server, username: 'rotaform_shop' },
  rotation: Rotation.mysql({ ...common, strategy: 'dual-password', users: 'rotaform_shop' }),
  schedule,
});
new RotatedSecret(stack, 'orders', {
  name: 'orders/alternating-users',
  initial: { engine: 'mysql', ...server, username: 'rotaform_orders' },
  rotation: Rotation.mysql({
    ...common,
    strategy: 'alternating-users',
    users: ['rotaform_orders', 'rotaform_orders_clone'],
  }),
  schedule,
});
new RotatedSecret(stack, 'reporting', {
  name: 'reporting/single-user',
  initial: { engine: 'mysql', ...server, username: 'rotaform_reporting' },
  rotation: Rotation.mysql({ ...common, strategy: 'single-user', users: 'rotaform_reporting' }),
  schedule,
});

app.synth();
