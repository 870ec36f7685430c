import { describe, expect, it } from 'vitest';
import {
  type MysqlRotationOptions,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
} from '../../constructs/index.ts';
import { checkMysqlOptions, readMysqlEnvironment } from '../../rules/mysql-rotation.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf';
const dual = {
  strategy: 'dual-password',
  admin: { secretArn, host: 'db.example.com', port: 3307 },
  users: 'app',
} as const;
const schedule = Schedule.rate({ days: 30 });

const stackOf = (options: MysqlRotationOptions) =>
  synthesize(
    (stack) =>
      new RotatedSecret(stack, 'db', {
        name: 'app/db',
        initial: { host: 'db.example.com', username: 'app' },
        schedule,
        rotation: Rotation.mysql(options),
      }),
  );

const variablesOf = (options: MysqlRotationOptions) =>
  (blockOf(stackOf(options), 'aws_lambda_function').environment as { variables: Record<string, string> }).variables;

describe('Rotation.mysql', () => {
  it("passes its options to the function's environment, which reads the same", () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const options = {
      ...dual,
      userHost: '10.%',
      tls: { ca, servername: 'db.internal' },
      allowPlaintext: true,
      length: 48,
    };
    const variables = variablesOf(options);
    expect(variables).toMatchObject({
      ROTATION_STRATEGY: 'dual-password',
      ADMINS: JSON.stringify([{ secretArn, host: 'db.example.com', port: 3307 }]),
      USERS: '["app"]',
      USER_HOST: '10.%',
      EXCLUDE_CHARACTERS: ':/@"\'\\',
    });
    expect(readMysqlEnvironment(variables)).toMatchObject({
      strategy: 'dual-password',
      admins: [{ secretArn, host: 'db.example.com', port: 3307 }],
      users: ['app'],
      userHost: '10.%',
      tls: { ca, servername: 'db.internal' },
      allowPlaintext: true,
      length: 48,
    });
  });

  it('reads the secret of its administrator, and nothing without one', () => {
    const statementsOf = (options: MysqlRotationOptions) =>
      (blockOf(stackOf(options), 'aws_iam_policy_document', 'permissions') as { statement: { sid: string }[] })
        .statement;
    const sids = (options: MysqlRotationOptions) => statementsOf(options).map(({ sid }) => sid);
    expect(sids(dual)).toContain('ReadTheAdministrator');
    expect(sids({ strategy: 'single-user' })).not.toContain('ReadTheAdministrator');
  });

  it('opens port 3306 in a VPC', () => {
    const stack = stackOf({ ...dual, network: { subnetIds: ['subnet-0123456789abcdef0'] } });
    expect(JSON.stringify(stack)).toContain('"from_port":3306');
  });

  it.each([
    [
      { strategy: 'three-passwords' },
      /strategy is "three-passwords": expected 'dual-password', 'alternating-users' or 'single-user'/,
    ],
    [{ strategy: 'dual-password' }, /admin is missing.*two passwords need/],
    [{ strategy: 'alternating-users' }, /admin is missing.*alternating users need/],
    [{ ...dual, strategy: 'alternating-users' }, /users has 1 names: expected both users/],
    [{ ...dual, users: [] }, /users is missing/],
    [{ ...dual, users: ['app', 'app'] }, /same name twice/],
    [{ ...dual, users: 'a'.repeat(81) }, /81 characters: expected 1 to 80 characters/],
    [{ ...dual, userHost: "'%'" }, /userHost is "'%'": expected the host part of an account/],
    [{ strategy: 'single-user', userHost: '10.%' }, /userHost is given without admin/],
    [{ ...dual, urlFields: ['a b'] }, /urlFields has "a b"/],
    [{ ...dual, tls: { ca: 'root.pem' } }, /tls\.ca is not a certificate/],
    [{ ...dual, admin: { secretArn, host: 'db.example.com:3306' } }, /admin\.host is "db\.example\.com:3306"/],
    [{ ...dual, admin: { secretArn, port: 0 } }, /admin\.port is 0/],
  ] as [MysqlRotationOptions, RegExp][])('refuses %j', (options, message) => {
    expect(refusal(() => Rotation.mysql(options))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a name that would be the same for all secrets of a function', () => {
    const shared = (users: string) => () =>
      synthesize((stack) => {
        const rotation = Rotation.mysql({ ...dual, users });
        new RotationFunction(stack, 'f', { functionName: 'rotate', rotation, secretNamePrefix: 'tenants/' });
      });
    expect(refusal(shared('app'))).toMatchObject({ message: expect.stringMatching(/"app" would be the same/) });
    expect(shared('tenant_{name}')).not.toThrow();
    expect(checkMysqlOptions({ ...dual, users: 'tenant_{name}' })).toBeUndefined();
  });
});
