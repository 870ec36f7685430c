import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CreateSecretCommand, GetSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import {
  EphemeralVariable,
  type PostgresRotationOptions,
  RotatedSecret,
  Rotation,
  Schedule,
} from '../../constructs/index.ts';
import { deployStack } from '../constructs/deploy-stack.ts';
import { rotationFunction, runningAccount } from '../local/secrets-manager/running-account.ts';
import type { PostgresLogin } from '../postgres-server.ts';
import { rdsServer } from '../rds-server.ts';

const page = readFileSync(new URL('../../docs/postgres.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(sql|ts)\n(.*?)^```/gms)].map(([, language = '', code = '']) => ({
  language,
  code,
}));
const server = await rdsServer();

it('docs/postgres.md can be followed from top to bottom on a fresh server', async () => {
  const running = await runningAccount();
  const { aws, client } = running;
  const secret = async (SecretId: string, name: string, value: object) => {
    const command = new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(value) });
    return (await client.send(command)).ARN ?? SecretId;
  };
  const adminSecretArn = await secret('', 'rds!db-1234', { username: server.username, password: server.password });
  const password = randomBytes(16).toString('hex');
  const { port } = server;
  const billing = { engine: 'postgres', host: '127.0.0.1', port, dbname: 'postgres', username: 'billing', password };
  const billingArn = await secret('', 'billing/database', { ...billing, masterarn: adminSecretArn });
  const template = await rotationFunction(running, 'exports.handler = async () => {};');

  /** What stands in the page for what is the reader's own. */
  const own: Readonly<Record<string, string>> = {
    'db.example.com': '127.0.0.1',
    'port: 5432': `port: ${port}`,
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1234-AbCdEf': adminSecretArn,
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/database-AbCdEf': billingArn,
    'arn:aws:lambda:us-east-1:111122223333:function:SecretsManagerRDSPostgreSQLRotationMultiUser': template,
  };
  /** The root of this server, which is nobody's. */
  const trusting = {
    postgres: (options: PostgresRotationOptions) =>
      Rotation.postgres({ tls: { ca: server.ca, servername: 'localhost' }, ...options }),
  };

  /** As psql prints it. */
  const asPsql = (value: unknown) => (typeof value === 'boolean' ? String(value)[0] : String(value));

  async function runSql(code: string): Promise<void> {
    const expected = [...code.matchAll(/^-- (.*)$/gm)].map(([, row = '']) => row.split(/ +/));
    const statements = code
      .replaceAll(/^--.*$/gm, '')
      .split(/;\s*$/m)
      .map((sql) => sql.trim());
    for (const sql of statements.filter((each) => each !== '')) {
      const here = /DATABASE shop;?$|reporting/.test(sql) ? {} : { dbname: 'shop' };
      const rows = await server.query(sql, { ...server, ...here });
      if (expected.length > 0) expect(rows.map((row) => Object.values(row).map(asPsql))).toEqual(expected);
    }
  }

  async function declare(code: string): Promise<void> {
    const text = Object.entries(own).reduce((all, [from, to]) => all.replaceAll(from, to), code);
    const names = ['stack', 'RotatedSecret', 'Rotation', 'Schedule', 'EphemeralVariable'];
    const run = new Function(...names, transformSync(text, { loader: 'ts' }).code);
    const given = Object.entries({
      reporting_password: 'the password of today',
      catalog_password: 'the password of catalog',
      catalog_url: 'postgres://catalog:the%20password%20of%20catalog@db.example.com/shop',
    });
    const variables = Object.fromEntries(given.filter(([name]) => code.includes(`'${name}'`)));
    await deployStack(
      aws.account,
      (stack) => run(stack, RotatedSecret, trusting, Schedule, EphemeralVariable),
      variables,
    );
  }

  async function rotated(SecretId: string): Promise<PostgresLogin> {
    expect(await aws.rotationSettled(SecretId), SecretId).toBe('succeeded');
    const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return JSON.parse(SecretString);
  }

  const followed = blocks.values();
  async function next(language: string): Promise<void> {
    const block = followed.next().value;
    expect(block?.language).toBe(language);
    await (language === 'sql' ? runSql : declare)(block?.code ?? '');
  }

  await next('sql');
  await next('ts');
  const clone = await rotated('shop/database');
  expect(clone.username).toBe('shop_clone');
  await next('sql');
  await next('sql');
  await client.send(new RotateSecretCommand({ SecretId: 'shop/database' }));
  const shop = await rotated('shop/database');
  expect(shop.username).toBe('shop');
  for (const login of [clone, shop]) {
    expect(await server.query("SELECT current_user, has_schema_privilege('reports', 'USAGE') AS has", login)).toEqual([
      { current_user: 'shop_owner', has: true },
    ]);
  }
  await client.send(new RotateSecretCommand({ SecretId: 'shop/database' }));
  expect(await server.query('SHOW statement_timeout', await rotated('shop/database'))).toEqual([
    { statement_timeout: '30s' },
  ]);

  await next('sql');
  await next('ts');
  const today = await rotated('reporting/database');
  expect(today.password).toBe('the password of today');
  await client.send(new RotateSecretCommand({ SecretId: 'reporting/database' }));
  expect(await server.accepts(await rotated('reporting/database'))).toBe(true);
  expect(await server.accepts(today)).toBe(false);

  await server.query(`CREATE ROLE catalog LOGIN PASSWORD 'the password of catalog'`);
  await next('ts');
  await rotated('catalog/database');
  await client.send(new RotateSecretCommand({ SecretId: 'catalog/database' }));
  const catalog = await rotated('catalog/database');
  expect(Reflect.get(catalog, 'DATABASE_URL')).toBe(
    `postgres://catalog:${encodeURIComponent(catalog.password).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}@db.example.com/shop`,
  );

  await server.query(
    `CREATE ROLE billing LOGIN PASSWORD '${password}'; CREATE ROLE billing_clone LOGIN; GRANT billing TO billing_clone`,
  );
  await client.send(
    new RotateSecretCommand({
      SecretId: billingArn,
      RotationLambdaARN: template,
      RotateImmediately: false,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  await aws.rotationSettled(billingArn);
  await next('ts');
  expect(await rotated(billingArn)).toMatchObject(billing);
  await client.send(new RotateSecretCommand({ SecretId: billingArn }));
  expect(await server.accepts(await rotated(billingArn))).toBe(true);
  expect(followed.next().done, 'whether the page ends here').toBe(true);
}, 240_000);
