import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  RotateSecretCommand,
  ValidateResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { putRolePolicy } from '../../../local/iam/role-policies.ts';
import { createRole } from '../../../local/iam/roles.ts';
import { createKey } from '../../../local/kms/keys.ts';
import { assumedKeys, clientIn, rootKeys } from '../sdk-clients.ts';
import { rotationFunction, runningAccount, TURNING } from './running-account.ts';

const HOME = '123456789012';
const OTHER = '210987654321';
const READ = 'secretsmanager:GetSecretValue';

interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

const policy = (...statements: readonly PolicyStatement[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((each) => ({ Effect: 'Allow', Action: READ, Resource: '*', ...each })),
  });

/** A secret `s`, and a role `reader` of an account, with these statements of its own. */
async function secretAndRole(
  accountId: string,
  own: readonly object[] = [],
  secret: { readonly KmsKeyId?: string } = {},
) {
  const running = await runningAccount();
  const { aws, client } = running;
  const account = aws.account.at({ id: accountId });
  const trust = [{ Effect: 'Allow', Principal: { AWS: HOME }, Action: 'sts:AssumeRole' }];
  const { Arn } = createRole(
    { RoleName: 'reader', AssumeRolePolicyDocument: JSON.stringify({ Statement: trust }) },
    account,
  );
  const Statement = own.map((each) => ({ Effect: 'Allow', Action: READ, Resource: '*', ...each }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  if (own.length > 0) putRolePolicy({ RoleName: 'reader', PolicyName: 'own', PolicyDocument }, account);
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'value', ...secret }));
  const put = (ResourcePolicy: string, BlockPublicPolicy?: boolean) =>
    client.send(new PutResourcePolicyCommand({ SecretId: 's', ResourcePolicy, BlockPublicPolicy }));
  const reader = clientIn(aws, 'us-east-1', await assumedKeys(aws, Arn));
  const read = async (VersionStage?: string) => {
    try {
      return (await reader.send(new GetSecretValueCommand({ SecretId: ARN, VersionStage }))).SecretString;
    } catch (error) {
      return String(error);
    }
  };
  return { ...running, Arn, ARN, put, read, reader };
}

const session = (id: string) => `arn:aws:sts::${id}:assumed-role/reader/test`;

describe('a resource policy', () => {
  it.each([
    ['names its role', { Principal: { AWS: `arn:aws:iam::${HOME}:role/reader` } }, true],
    ['names its session', { Principal: { AWS: session(HOME) } }, true],
    ['names everybody', { Principal: '*' }, true],
    ['names only its account', { Principal: { AWS: HOME } }, false],
    ['names another role', { Principal: { AWS: `arn:aws:iam::${HOME}:role/other` } }, false],
    ['names it with another action', { Principal: '*', Action: 'secretsmanager:DescribeSecret' }, false],
    [
      'names it with a condition that does not hold',
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': OTHER } } },
      false,
    ],
  ])('lets a role without any policy read if it %s: %s', async (_, statement, isAllowed) => {
    const { put, read } = await secretAndRole(HOME);
    await put(policy(statement));
    if (isAllowed) expect(await read()).toBe('value');
    else expect(await read()).toContain('because no identity-based policy allows');
  });

  it.each([
    ['names it', { Principal: { AWS: `arn:aws:iam::${HOME}:role/reader` } }, true],
    ['names its account', { Principal: { AWS: `arn:aws:iam::${HOME}:root` } }, true],
    ['excepts another role', { NotPrincipal: { AWS: `arn:aws:iam::${HOME}:role/other` } }, true],
    // AWS looks at the account, the role and the session. @cloud-copilot/iam-simulate excepts whoever has one of them named.
    ['excepts only its account', { NotPrincipal: { AWS: HOME } }, true],
    ['excepts only its role', { NotPrincipal: { AWS: `arn:aws:iam::${HOME}:role/reader` } }, true],
    ['excepts its account and its role', { NotPrincipal: { AWS: [HOME, `arn:aws:iam::${HOME}:role/reader`] } }, true],
    [
      'excepts another role of its account',
      { NotPrincipal: { AWS: [`arn:aws:iam::${HOME}:root`, `arn:aws:iam::${HOME}:role/other`] } },
      true,
    ],
    [
      'excepts its account, its role and its session',
      { NotPrincipal: { AWS: [HOME, `arn:aws:iam::${HOME}:role/reader`, session(HOME)] } },
      false,
    ],
    [
      'names everybody who is not in its account',
      { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalAccount': HOME } } },
      false,
    ],
    ['names everybody without TLS', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, false],
  ])('denies what the role’s own policy allows if its Deny %s: %s', async (_, statement, isDenied) => {
    const { put, read } = await secretAndRole(HOME, [{}]);
    await put(policy({ Effect: 'Deny', ...statement }));
    if (isDenied) expect(await read()).toContain('with an explicit deny in a resource-based policy');
    else expect(await read()).toBe('value');
  });

  it('denies the root of the account, too, until it is deleted by somebody else', async () => {
    const { put, client } = await secretAndRole(HOME);
    await put(policy({ Effect: 'Deny', Principal: { AWS: HOME } }));
    await expect(client.send(new GetSecretValueCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await client.send(new DeleteResourcePolicyCommand({ SecretId: 's' }));
    await expect(client.send(new GetSecretValueCommand({ SecretId: 's' }))).resolves.toBeDefined();
  });

  it('makes the step fail if it denies the rotation function’s role', async () => {
    const running = await secretAndRole(HOME);
    const { aws, client, put } = running;
    const RotationLambdaARN = await rotationFunction(running, TURNING);
    const Principal = { AWS: `arn:aws:iam::${HOME}:role/rotate` };
    await put(policy({ Effect: 'Deny', Action: 'secretsmanager:PutSecretValue', Principal }));
    const failures: string[] = [];
    aws.account.events.on('rotationFailed', ({ step, failure }) => failures.push(`${step}: ${failure.errorMessage}`));
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    expect(await aws.rotationSettled('s')).toBe('failed');
    expect(failures).toEqual([
      expect.stringMatching(
        /^createSecret: .*secretsmanager:PutSecretValue .* with an explicit deny in a resource-based policy$/,
      ),
    ]);
  });

  it('holds only for requests that name the stage, if that is its condition', async () => {
    const { put, read } = await secretAndRole(HOME);
    const Condition = { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': 'AWSCURRENT' } };
    await put(policy({ Principal: '*', Condition }));
    expect(await read()).toContain('because no identity-based policy allows');
    expect(await read('AWSCURRENT')).toBe('value');
  });

  it('with a condition key that is unknown here is refused by the key’s name when it matters', async () => {
    const { put, read } = await secretAndRole(HOME, [{}]);
    await put(
      policy({ Effect: 'Deny', Principal: '*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    );
    expect(await read()).toContain(
      'cannot judge secretsmanager:GetSecretValue by the policy of the secret s: it does not know the condition key aws:SourceVpce',
    );
  });

  it('is judged in its full length of 20 kB, and a longer one is refused', async () => {
    const { put, read } = await secretAndRole(HOME);
    const others = Array.from({ length: 150 }, (_, n) => `arn:aws:iam::${OTHER}:role/${'x'.repeat(60)}-${n}`);
    const long = policy({ Principal: { AWS: [...others, `arn:aws:iam::${HOME}:role/reader`] } });
    await put(long + ' '.repeat(20_480 - long.length));
    expect(await read()).toBe('value');
    await expect(put(long + ' '.repeat(20_481 - long.length))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a secret of another account', () => {
  const principal = { Principal: { AWS: `arn:aws:iam::${OTHER}:role/reader` } };

  /** A secret under a customer key whose policy lets the other account decrypt, or not. */
  async function shared({ ownAllows = true, keyAllows = true, secretAllows = true } = {}) {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: HOME }, Action: 'kms:*', Resource: '*' },
        ...(keyAllows ? [{ Effect: 'Allow', ...principal, Action: 'kms:Decrypt', Resource: '*' }] : []),
      ],
    });
    const tested = await secretAndRole(OTHER, ownAllows ? [{ Action: [READ, 'kms:Decrypt'] }] : [{ Action: 'sts:*' }]);
    const { KeyMetadata } = createKey({ Policy }, tested.aws.account);
    const { ARN = '' } = await tested.client.send(
      new CreateSecretCommand({ Name: 'shared', SecretString: 'value', KmsKeyId: KeyMetadata.Arn }),
    );
    if (secretAllows) {
      await tested.client.send(new PutResourcePolicyCommand({ SecretId: 'shared', ResourcePolicy: policy(principal) }));
    }
    try {
      return (await tested.reader.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString;
    } catch (error) {
      return String(error);
    }
  }

  it('is read by its ARN if its policy, the key’s policy and the reader’s own policy allow it', async () => {
    expect(await shared()).toBe('value');
  });

  it.each([
    ['its own policy', { secretAllows: false }, /because no resource-based policy allows/],
    ['the reader’s policy', { ownAllows: false }, /because no identity-based policy allows/],
    ['the key’s policy', { keyAllows: false }, /Access to KMS is not allowed/],
  ])('is not read without %s', async (_, options, message) => {
    expect(await shared(options)).toMatch(message);
  });

  it('is not read under AWS’s own key', async () => {
    const { put, read } = await secretAndRole(OTHER, [{}]);
    await put(policy(principal));
    expect(await read()).toContain(
      "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
    );
  });

  it('is not found by its name', async () => {
    const { put, reader } = await secretAndRole(OTHER, [{}]);
    await put(policy(principal));
    await expect(reader.send(new GetSecretValueCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('needs the same of the root of that account', async () => {
    const { aws, ARN, put } = await secretAndRole(OTHER);
    const root = clientIn(aws, 'us-east-1', rootKeys(OTHER));
    const describe = new DescribeSecretCommand({ SecretId: ARN });
    await expect(root.send(describe)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await put(policy({ Principal: { AWS: OTHER }, Action: 'secretsmanager:DescribeSecret' }));
    await expect(root.send(describe)).resolves.toMatchObject({ ARN });
  });
});

describe('a session', () => {
  const all = { Action: '*' };
  const limit = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'secretsmanager:DescribeSecret', Resource: '*' }],
  });

  it('may do what both its role and its own policy allow', async () => {
    const { aws, Arn } = await secretAndRole(HOME, [all]);
    const limited = clientIn(aws, 'us-east-1', await assumedKeys(aws, Arn, { Policy: limit }));
    await expect(limited.send(new DescribeSecretCommand({ SecretId: 's' }))).resolves.toBeDefined();
    await expect(limited.send(new GetSecretValueCommand({ SecretId: 's' }))).rejects.toMatchObject({
      message: expect.stringContaining('because no session policy allows the secretsmanager:GetSecretValue action'),
    });
  });

  it('assumes another role only if that role trusts it and its own role may', async () => {
    const { aws, Arn } = await secretAndRole(HOME, [{ Action: 'sts:AssumeRole' }]);
    const next = (RoleName: string, AWS: string) => {
      const Statement = [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }];
      return createRole(
        { RoleName, AssumeRolePolicyDocument: JSON.stringify({ Statement }) },
        aws.account.at({ id: OTHER }),
      ).Arn;
    };
    const credentials = await assumedKeys(aws, Arn);
    await expect(assumedKeys(aws, next('trusting', Arn), { credentials })).resolves.toBeDefined();
    await expect(assumedKeys(aws, next('distrusting', OTHER), { credentials })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const none = await secretAndRole(HOME);
    const weak = await assumedKeys(none.aws, none.Arn);
    await expect(assumedKeys(none.aws, none.Arn, { credentials: weak })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('is not started with an invalid policy', async () => {
    const { aws, Arn } = await secretAndRole(HOME);
    await expect(assumedKeys(aws, Arn, { Policy: 'no' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
  });
});

const PUBLIC = policy({ Principal: '*' });
const LOCKING = policy({ Effect: 'Deny', Principal: '*', Action: 'secretsmanager:*' });

describe('PutResourcePolicy', () => {
  it.each([
    ['no JSON', '{', 'This resource policy contains invalid Json.'],
    ['a list', '[]', 'This resource policy contains invalid Json.'],
    ['no statements', '{}', 'This resource policy contains a syntax error.'],
    ['an empty list of statements', '{"Statement":[]}', 'This resource policy contains a syntax error.'],
    [
      'another effect',
      policy({ Effect: 'AllowSomething', Principal: '*' }),
      'This resource policy contains a syntax error.',
    ],
    [
      'an unknown element',
      policy({ Principal: '*', Color: 'red' } as PolicyStatement),
      'This resource policy contains a syntax error.',
    ],
    ['no principal', policy({}), 'This resource policy contains a syntax error.'],
    [
      'NotPrincipal with Allow',
      policy({ NotPrincipal: { AWS: OTHER } }),
      'This resource policy contains a syntax error.',
    ],
    [
      'a principal that is none',
      policy({ Principal: { AWS: 'everybody' } }),
      'This resource policy contains an unsupported principal.',
    ],
    [
      'a role with a wildcard',
      policy({ Principal: { AWS: `arn:aws:iam::${HOME}:role/*` } }),
      'This resource policy contains an unsupported principal.',
    ],
    [
      'a service that is none',
      policy({ Principal: { Service: 'lambda' } }),
      'This resource policy contains an unsupported principal.',
    ],
  ])('refuses %s', async (_, text, message) => {
    const { put } = await secretAndRole(HOME);
    await expect(put(text)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });

  it.each([
    ['everybody', policy({ Principal: '*' }), true],
    ['everybody in a list', policy({ Principal: { AWS: [HOME, '*'] } }), true],
    [
      'everybody in any organization',
      policy({ Principal: '*', Condition: { StringLike: { 'aws:PrincipalArn': '*' } } }),
      true,
    ],
    [
      'everybody by a key that narrows nothing',
      policy({ Principal: '*', Condition: { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } } }),
      true,
    ],
    [
      'everybody in one account',
      policy({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': HOME } } }),
      false,
    ],
    [
      'everybody in one organization',
      policy({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      false,
    ],
    ['one account', policy({ Principal: { AWS: OTHER } }), false],
    ['nobody: a Deny for everybody', policy({ Effect: 'Deny', Principal: '*' }), false],
  ])('with BlockPublicPolicy and an Allow for %s is refused: %s', async (_, text, isRefused) => {
    const { put } = await secretAndRole(HOME);
    const blocked = put(text, true);
    if (isRefused) {
      await expect(blocked).rejects.toMatchObject({
        name: 'PublicPolicyException',
        message: "You can't attach a resource-based policy that allows broad access to the secret.",
      });
      await expect(put(text, false)).resolves.toBeDefined();
    } else await expect(blocked).resolves.toBeDefined();
  });
});

describe('ValidateResourcePolicy', () => {
  it.each([
    ['a good policy', policy({ Principal: { AWS: OTHER } }), []],
    ['no JSON', '{', ['PolicySyntax']],
    ['a public policy', PUBLIC, ['BroadAccess']],
    ['a policy that locks the caller out', LOCKING, ['Lockout']],
  ])('says what is wrong with %s, and sets nothing', async (_, ResourcePolicy, checks) => {
    const { client } = await secretAndRole(HOME);
    const { PolicyValidationPassed, ValidationErrors } = await client.send(
      new ValidateResourcePolicyCommand({ SecretId: 's', ResourcePolicy }),
    );
    expect(PolicyValidationPassed).toBe(checks.length === 0);
    expect(ValidationErrors?.map(({ CheckName }) => CheckName)).toEqual(checks);
    await expect(client.send(new GetSecretValueCommand({ SecretId: 's' }))).resolves.toBeDefined();
  });

  it('works without a secret', async () => {
    const { client } = await secretAndRole(HOME);
    const validate = new ValidateResourcePolicyCommand({ ResourcePolicy: PUBLIC });
    expect(await client.send(validate)).toMatchObject({ PolicyValidationPassed: false });
  });
});
