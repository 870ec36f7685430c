import { randomBytes } from 'node:crypto';
import { CreateSecretCommand, GetSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  type PostgresRotationOptions,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
} from '../../constructs/index.ts';
import { evaluate } from '../../local/deploy/expression/evaluate.ts';
import { parseTemplate } from '../../local/deploy/expression/parse-template.ts';
import { type RunningAccount, rotationFunction, runningAccount } from '../local/secrets-manager/running-account.ts';
import type { PostgresLogin } from '../postgres-server.ts';
import { rdsServer } from '../rds-server.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blockOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const schedule = Schedule.rate({ days: 30 });
const adminSecretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds/master-AbCdEf';
const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const admin = { secretArn: adminSecretArn };
const alternating = { strategy: 'alternating-users', admin, users: ['app', 'app_b'] } as const;

function stackOf(options: PostgresRotationOptions): StackJson {
  const initial = { host: 'db.example.com', username: 'app' };
  return synthesize(
    (stack) =>
      new RotatedSecret(stack, 'db', { name: 'app/db', initial, schedule, rotation: Rotation.postgres(options) }),
  );
}

const variablesOf = (options: PostgresRotationOptions) =>
  (blockOf(stackOf(options), 'aws_lambda_function').environment as { variables: object }).variables;

const statementsOf = (options: PostgresRotationOptions) =>
  (blockOf(stackOf(options), 'aws_iam_policy_document', 'permissions') as { statement: { sid: string }[] }).statement;

describe('Rotation.postgres', () => {
  it("passes its options to the function's environment", () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const names = { ownerRole: 'app_team', dbname: 'shop', allowMd5: true, allowPlaintext: true };
    expect(variablesOf({ ...alternating, ...names, tls: { ca, servername: 'db.internal' }, length: 48 })).toMatchObject(
      {
        ROTATION_STRATEGY: 'alternating-users',
        ADMINS: JSON.stringify([{ secretArn: adminSecretArn }]),
        USERS: '["app","app_b"]',
        DBNAME: 'shop',
        ALLOW_MD5: 'true',
        ALLOW_PLAINTEXT: 'true',
        OWNER_ROLE: 'app_team',
        TLS_CA: ca,
        TLS_SERVERNAME: 'db.internal',
        PASSWORD_LENGTH: '48',
        EXCLUDE_CHARACTERS: ':/@"\'\\',
      },
    );
    for (const name of ['ADMINS', 'USERS', 'DBNAME', 'ALLOW_MD5', 'ALLOW_PLAINTEXT', 'SECRET_NAME_PREFIX']) {
      expect(variablesOf({ strategy: 'single-user' })).not.toHaveProperty(name);
    }
  });

  it("accepts the administrator's host and port and the users' names from Terraform, whatever characters they have", () => {
    const json = synthesize((stack) => {
      const text = (id: string) => new TerraformVariable(stack, id, { type: 'string' }).stringValue;
      const port = new TerraformVariable(stack, 'port', { type: 'number' }).numberValue;
      const rotation = Rotation.postgres({
        ...alternating,
        admin: { ...admin, host: text('endpoint'), port },
        users: [text('first'), `app_${text('second')}`],
      });
      new RotatedSecret(stack, 'db', { name: 'app/db', initial: { username: 'app' }, schedule, rotation });
    });
    const { variables } = blockOf(json, 'aws_lambda_function').environment as { variables: Record<string, string> };
    const given: Record<string, unknown> = { endpoint: 'db.internal', port: 6432, first: 'a"b', second: 'c\\"d' };
    const written = (name: string) =>
      JSON.parse(String(evaluate(parseTemplate(variables[name] ?? ''), ([, variable = '']) => given[variable])));
    expect(written('ADMINS')).toEqual([{ secretArn: adminSecretArn, host: 'db.internal', port: 6432 }]);
    expect(written('USERS')).toEqual(['a"b', 'app_c\\"d']);
  });

  it("lets the function read the administrator's secret with its key, and no such secret without an administrator", () => {
    expect(statementsOf(alternating).slice(2)).toEqual([
      { sid: 'ReadTheAdministrator', actions: ['secretsmanager:GetSecretValue'], resources: [adminSecretArn] },
    ]);
    expect(statementsOf({ ...alternating, admin: { ...admin, kmsKeyArn } })[3]).toMatchObject({
      sid: 'UseTheKeyOfTheAdministrator',
      actions: ['kms:Decrypt'],
      resources: [kmsKeyArn],
      condition: [
        { variable: 'kms:ViaService' },
        { variable: 'kms:EncryptionContext:SecretARN', values: [adminSecretArn] },
      ],
    });
    expect(statementsOf({ strategy: 'single-user' })).toHaveLength(2);
  });

  it('lets a single user without an administrator look for older versions, and nobody else', () => {
    const action = 'secretsmanager:ListSecretVersionIds';
    expect(JSON.stringify(statementsOf({ strategy: 'single-user' }))).toContain(action);
    expect(JSON.stringify(statementsOf({ strategy: 'single-user', admin, users: 'app' }))).not.toContain(action);
    expect(JSON.stringify(statementsOf(alternating))).not.toContain(action);
  });

  it("runs in the given network, and opens the database's port from there", () => {
    const network = { subnetIds: ['subnet-0123456789abcdef0'] };
    expect(Rotation.postgres({ ...alternating, network }).needs.network).toEqual({ ...network, targetPorts: [5432] });
    expect(Rotation.postgres({ ...alternating, network: { ...network, targetPorts: [6432] } }).needs.network).toEqual({
      ...network,
      targetPorts: [6432],
    });
  });

  it.each<[string, object, RegExp]>([
    ['no strategy', {}, /needs the option strategy/],
    ['an unknown strategy', { strategy: 'multi-user' }, /strategy is "multi-user": expected 'single-user' or/],
    ['no administrator for alternating users', { strategy: 'alternating-users' }, /admin is missing/],
    ['no users for an administrator', { strategy: 'single-user', admin }, /users is missing.*such as \['app'\]/],
    ['three alternating users', { ...alternating, users: ['a', 'b', 'c'] }, /users has 3 names: expected one or two/],
    ['the same user twice', { ...alternating, users: ['a', 'a'] }, /the same name twice/],
    ['an ARN in place of an administrator', { ...alternating, admin: adminSecretArn }, /takes an object of options/],
    ['a name in place of an ARN', { ...alternating, admin: { secretArn: 'rds/master' } }, /secretArn is "rds\/master"/],
    ['a URL in place of a host', { ...alternating, admin: { ...admin, host: 'db:5432' } }, /expected only a host/],
    ['an invalid port', { ...alternating, admin: { ...admin, port: 0 } }, /admin.port is 0/],
    ['an owner role for a single user', { strategy: 'single-user', ownerRole: 'b' }, /Leave it out/],
    ['a database without an administrator', { strategy: 'single-user', dbname: 'b' }, /Leave it out/],
    ['a name that is too long', { ...alternating, users: 'a'.repeat(64) }, /has a name of 64 bytes: expected 1 to 63/],
    ['a misspelt pattern', { ...alternating, users: 'tenant_{Name}' }, /expected braces only in one \{name\}/],
    ['a name that Terraform would read', { ...alternating, users: `a\${b}` }, /Terraform reads/],
    [
      'a path in place of a certificate',
      { ...alternating, tls: { ca: './root.pem' } },
      /tls\.ca is not a certificate in PEM/,
    ],
    [
      'a certificate without its line breaks',
      { ...alternating, tls: { ca: '-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----' } },
      /tls\.ca is not a certificate in PEM: .* with its line breaks/,
    ],
    [
      'the beginning of a certificate',
      { ...alternating, tls: { ca: '-----BEGIN CERTIFICATE-----\nMIIB\n' } },
      /tls\.ca is not a certificate in PEM: expected the whole file/,
    ],
    [
      'all of the roots of RDS',
      { ...alternating, tls: { ca: `-----BEGIN CERTIFICATE-----\n${'MIIB\n'.repeat(600)}-----END CERTIFICATE-----` } },
      /expected the one root/,
    ],
    ['a misspelt option of tls', { ...alternating, tls: { serverName: 'db' } }, /tls has no option "serverName"/],
    [
      'a key by its alias',
      { ...alternating, admin: { ...admin, kmsKeyArn: 'alias/rds' } },
      /kmsKeyArn is "alias\/rds"/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(refusal(() => Rotation.postgres(options as PostgresRotationOptions))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(message),
    });
  });

  it('refuses passwords that cannot be made', () => {
    expect(refusal(() => Rotation.postgres({ ...alternating, length: 2 }))).toMatchObject({ code: 'PASSWORD_OPTIONS' });
  });
});

describe('A secret of an AWS template', { timeout: 120_000 }, async () => {
  const server = await rdsServer();
  const tls = { ca: server.ca, servername: 'localhost' };

  /** A user with its secret, as AWS's documentation shows it, which a function of a template rotates. */
  async function ofTheTemplate(
    { aws, client }: RunningAccount,
    name: string,
    more: object = {},
    username: string = name,
  ) {
    const password = randomBytes(16).toString('hex');
    await server.query(`CREATE ROLE ${username} LOGIN PASSWORD '${password}'`);
    const { host, port } = server;
    const document = { engine: 'postgres', host, username, password, dbname: 'postgres', port, ...more };
    const { ARN: secretArn = '' } = await client.send(
      new CreateSecretCommand({ Name: `db/${name}`, SecretString: JSON.stringify(document) }),
    );
    const template = await rotationFunction({ aws, client } as RunningAccount, 'exports.handler = async () => {};');
    await client.send(
      new RotateSecretCommand({
        SecretId: secretArn,
        RotationLambdaARN: template,
        RotationRules: { AutomaticallyAfterDays: 30 },
        RotateImmediately: false,
      }),
    );
    await aws.rotationSettled(secretArn);
    return { secretArn, takeOverFrom: template, document };
  }

  /** The secret of the administrator, as RDS manages it. */
  async function master({ client }: RunningAccount): Promise<string> {
    const { username, password } = server;
    const SecretString = JSON.stringify({ username, password });
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'rds!db-1234', SecretString }));
    return ARN;
  }

  const adminOf = (secretArn: string) => ({ secretArn, host: server.host, port: server.port });

  async function current({ client }: RunningAccount, SecretId: string): Promise<PostgresLogin> {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return JSON.parse(SecretString);
  }

  it('for a single user is taken over, with all its other fields kept', async () => {
    const running = await runningAccount();
    const { document, ...existing } = await ofTheTemplate(running, 'single', { dbInstanceIdentifier: 'db-1' });
    const rotation = Rotation.postgres({ strategy: 'single-user', tls });
    await deployStack(running.aws.account, (stack) => {
      RotatedSecret.existing(stack, 'db', { ...existing, rotation, schedule });
    });
    expect(await running.aws.rotationSettled(existing.secretArn)).toBe('succeeded');
    const now = await current(running, existing.secretArn);
    expect(now).toEqual({ ...document, password: expect.not.stringMatching(document.password) });
    expect([await server.accepts(now), await server.accepts(document)]).toEqual([true, false]);
  });

  it('for alternating users is taken over with the clone that the template made, and the clone keeps its grants', async () => {
    const running = await runningAccount();
    const adminSecretArn = await master(running);
    const { document, ...existing } = await ofTheTemplate(running, 'shop', { masterarn: adminSecretArn });
    await server.query(`CREATE TABLE orders AS SELECT 1 AS id; GRANT SELECT ON orders TO shop;
      CREATE ROLE shop_clone LOGIN; GRANT shop TO shop_clone`);
    const rotation = Rotation.postgres({
      strategy: 'alternating-users',
      admin: adminOf(adminSecretArn),
      users: ['shop', 'shop_clone'],
      tls,
    });
    await deployStack(running.aws.account, (stack) => {
      RotatedSecret.existing(stack, 'db', { ...existing, rotation, schedule });
    });
    expect(await running.aws.rotationSettled(existing.secretArn)).toBe('succeeded');
    const now = await current(running, existing.secretArn);
    expect(now).toMatchObject({ username: 'shop_clone', masterarn: adminSecretArn });
    for (const login of [now, document])
      expect(await server.query('SELECT id FROM orders', login)).toEqual([{ id: 1 }]);
    await expect(server.query(`SET ROLE NONE; ALTER ROLE shop PASSWORD 'mine'`, now)).rejects.toThrow(
      /permission denied/,
    );
  });

  it('shares a function with other secrets, each with the administrator that it names', async () => {
    const running = await runningAccount();
    const adminSecretArn = await master(running);
    const other = await ofTheTemplate(running, 'another_master');
    const secrets: Awaited<ReturnType<typeof ofTheTemplate>>[] = [];
    for (const name of ['one', 'two'])
      secrets.push(await ofTheTemplate(running, name, { masterarn: adminSecretArn }, `user_${name}`));
    await deployStack(running.aws.account, (stack) => {
      const rotation = new RotationFunction(stack, 'fleet', {
        functionName: 'rotate-databases',
        rotation: Rotation.postgres({
          ...alternating,
          admin: [adminOf(adminSecretArn), adminOf(other.secretArn)],
          users: 'user_{name}',
          tls,
        }),
        secretNamePrefix: 'db/',
      });
      for (const [index, { document: _, ...existing }] of secrets.entries())
        RotatedSecret.existing(stack, `db${index}`, { ...existing, rotation, schedule });
    });
    for (const { secretArn } of secrets) {
      expect(await running.aws.rotationSettled(secretArn)).toBe('succeeded');
      expect(await server.accepts(await current(running, secretArn))).toBe(true);
    }
  });
});
