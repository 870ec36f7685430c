import { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, localAws } from '../../local/local-aws.ts';

const HOME = '123456789012';
const OTHER = '210987654321';
const ROOT_KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'local' };

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

let aws: LocalAws;
const open: { destroy(): void }[] = [];

beforeAll(async () => {
  aws = await localAws();
});

afterAll(async () => {
  for (const client of open) client.destroy();
  await aws.close();
});

function config(region: string, credentials: Keys) {
  return { endpoint: aws.endpoint, region, credentials, maxAttempts: 1 };
}

function opened<Client extends { destroy(): void }>(client: Client): Client {
  open.push(client);
  return client;
}

const secretsManager = (region = 'us-east-1', keys: Keys = ROOT_KEYS) =>
  opened(new SecretsManagerClient(config(region, keys)));
const sts = (region = 'us-east-1', keys: Keys = ROOT_KEYS) => opened(new STSClient(config(region, keys)));
const iam = (region = 'us-east-1', keys: Keys = ROOT_KEYS) => opened(new IAMClient(config(region, keys)));

/** The keys of a role's session. */
async function assumed(
  input: Partial<AssumeRoleCommandInput> = {},
  { keys = ROOT_KEYS, region = 'us-east-1' }: { keys?: Keys; region?: string } = {},
): Promise<Keys> {
  const RoleArn = `arn:aws:iam::${OTHER}:role/deployer`;
  const { Credentials } = await sts(region, keys).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...input }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

const asRootOf = (accountId: string): Keys => ({ accessKeyId: accountId, secretAccessKey: 'local' });

/** Creates a role in an account. */
async function createRole(
  accountId: string,
  RoleName: string,
  Principal: unknown,
  Condition?: object,
): Promise<string> {
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition && { Condition }) }];
  const { Role } = await iam('us-east-1', asRootOf(accountId)).send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
  return Role?.Arn ?? '';
}

async function allow(accountId: string, RoleName: string, Action: string): Promise<void> {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  await iam('us-east-1', asRootOf(accountId)).send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'allow', PolicyDocument }),
  );
}

describe('the region of a request', () => {
  it('is the one that it is signed for: the same name is two secrets in two regions', async () => {
    const [here, there] = [secretsManager('us-east-1'), secretsManager('eu-west-1')];
    const one = await here.send(new CreateSecretCommand({ Name: 'same', SecretString: 'american' }));
    const two = await there.send(new CreateSecretCommand({ Name: 'same', SecretString: 'irish' }));
    expect(one.ARN).toMatch(`arn:aws:secretsmanager:us-east-1:${HOME}:secret:same-`);
    expect(two.ARN).toMatch(`arn:aws:secretsmanager:eu-west-1:${HOME}:secret:same-`);
    expect(await here.send(new GetSecretValueCommand({ SecretId: 'same' }))).toMatchObject({
      SecretString: 'american',
    });
    expect(await there.send(new GetSecretValueCommand({ SecretId: 'same' }))).toMatchObject({ SecretString: 'irish' });
  });

  it('finds no secret by the ARN of another region', async () => {
    const { ARN } = await secretsManager('eu-west-2').send(new CreateSecretCommand({ Name: 'british' }));
    await expect(secretsManager('eu-west-3').send(new DescribeSecretCommand({ SecretId: ARN }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('has functions of its own, for which the account’s roles are there', async () => {
    const Role = await createRole(HOME, 'runs', { Service: 'lambda.amazonaws.com' });
    for (const region of ['us-west-1', 'us-west-2']) {
      const lambda = opened(new LambdaClient(config(region, ROOT_KEYS)));
      const { FunctionArn } = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'same',
          Role,
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Code: { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => {};') }) },
        }),
      );
      expect(FunctionArn).toBe(`arn:aws:lambda:${region}:${HOME}:function:same`);
    }
  });

  it('has the roles of the account, in every region', async () => {
    await createRole(HOME, 'everywhere', { Service: 'lambda.amazonaws.com' });
    const { Role } = await iam('ap-southeast-2').send(new GetRoleCommand({ RoleName: 'everywhere' }));
    expect(Role?.Arn).toBe(`arn:aws:iam::${HOME}:role/everywhere`);
  });

  it.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('is in its partition: %s in %s, with roles of its own', async (region, partition) => {
    const { ARN } = await secretsManager(region).send(new CreateSecretCommand({ Name: 'partitioned' }));
    expect(ARN).toMatch(`arn:${partition}:secretsmanager:${region}:${HOME}:secret:partitioned-`);
    const { Arn } = await sts(region).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:${partition}:iam::${HOME}:root`);
    await expect(iam(region).send(new GetRoleCommand({ RoleName: 'everywhere' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it.each(['mars', 'us-east', 'us-east-1a', 'US-EAST-1', '1'])(
    'is refused if it is not a region, and the error names it: %s',
    async (region) => {
      await expect(secretsManager(region).send(new ListSecretsCommand())).rejects.toMatchObject({
        name: 'InvalidSignatureException',
        message: `Credential should be scoped to a valid region. Expected a region such as us-east-1 in the signature, found "${region}". Set AWS_REGION.`,
      });
    },
  );

  it('is in the events of the account, next to the account', async () => {
    const calls: unknown[] = [];
    aws.account.events.on('call', ({ accountId, region }) => calls.push({ accountId, region }));
    await secretsManager('ca-central-1', asRootOf(OTHER)).send(new ListSecretsCommand());
    expect(calls).toEqual([{ accountId: OTHER, region: 'ca-central-1' }]);
  });

  it('is by default the one of the options, in both variables that clients read', async () => {
    const elsewhere = await localAws({ region: 'eu-central-1' });
    expect(elsewhere.environment).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
    await elsewhere.close();
  });
});

describe('the account of a request', () => {
  it('is that of the role that it has assumed', async () => {
    const keys = await assumed();
    const identity = await sts('us-east-1', keys).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: OTHER,
      Arn: `arn:aws:sts::${OTHER}:assumed-role/deployer/test`,
    });
    const { ARN } = await secretsManager('eu-west-1', keys).send(
      new CreateSecretCommand({ Name: 'theirs', SecretString: 'x' }),
    );
    expect(ARN).toMatch(`arn:aws:secretsmanager:eu-west-1:${OTHER}:secret:theirs-`);
    const { SecretList } = await secretsManager('eu-west-1').send(new ListSecretsCommand());
    expect(SecretList?.map(({ Name }) => Name)).not.toContain('theirs');
  });

  it('is the one with the number that is the access key id', async () => {
    expect(await sts('us-east-1', asRootOf(OTHER)).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: OTHER,
      Arn: `arn:aws:iam::${OTHER}:root`,
    });
  });

  it('has roles of its own', async () => {
    await createRole(OTHER, 'only-there', { Service: 'lambda.amazonaws.com' });
    await expect(iam().send(new GetRoleCommand({ RoleName: 'only-there' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('is denied to a caller that the trust policy of the role does not name', async () => {
    const RoleArn = await createRole(OTHER, 'for-another', { AWS: 'arn:aws:iam::333333333333:root' });
    await expect(assumed({ RoleArn })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${HOME}:root is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    });
    await expect(assumed({ RoleArn }, { keys: asRootOf('333333333333') })).resolves.toBeDefined();
  });

  it('is refused without the external id that the role’s trust policy demands', async () => {
    const RoleArn = await createRole(OTHER, 'external', { AWS: HOME }, { StringEquals: { 'sts:ExternalId': 'ours' } });
    await expect(assumed({ RoleArn })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assumed({ RoleArn, ExternalId: 'theirs' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assumed({ RoleArn, ExternalId: 'ours' })).resolves.toBeDefined();
  });

  it('lets the session of a role do what its policies allow, and no more', async () => {
    const RoleArn = await createRole(OTHER, 'lister', { AWS: HOME });
    await allow(OTHER, 'lister', 'secretsmanager:ListSecrets');
    const client = secretsManager('us-east-1', await assumed({ RoleArn }));
    await expect(client.send(new ListSecretsCommand())).resolves.toBeDefined();
    await expect(client.send(new CreateSecretCommand({ Name: 'no' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`User: arn:aws:sts::${OTHER}:assumed-role/lister/test is not authorized`),
    });
  });

  it('ends when the session does', async () => {
    const passing = await localAws();
    const client = opened(new STSClient({ ...config('us-east-1', ROOT_KEYS), endpoint: passing.endpoint }));
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${OTHER}:role/deployer`,
        RoleSessionName: 'short',
        DurationSeconds: 900,
      }),
    );
    const keys = { accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: 'x' };
    const session = opened(new SecretsManagerClient({ ...config('us-east-1', keys), endpoint: passing.endpoint }));
    await expect(session.send(new ListSecretsCommand())).resolves.toBeDefined();
    await passing.account.clock.advance({ minutes: 15 });
    await expect(session.send(new ListSecretsCommand())).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
    await passing.close();
  });

  it('is refused with a key of a session that this local AWS did not start', async () => {
    const keys = { accessKeyId: 'ASIALOCALAAAAAAAAAAA', secretAccessKey: 'x' };
    await expect(secretsManager('us-east-1', keys).send(new ListSecretsCommand())).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  });
});

describe('AssumeRole', () => {
  it.each([
    ['no ARN', 'just-a-long-enough-name', /is invalid$/],
    ['the ARN of a user', `arn:aws:iam::${OTHER}:user/deployer`, /is invalid$/],
    ['an account of eleven digits', 'arn:aws:iam::21098765432:role/deployer', /is invalid$/],
    ['another partition', `arn:aws-cn:iam::${OTHER}:role/deployer`, /is invalid$/],
    ['a path without an end', `arn:aws:iam::${OTHER}:role/path/`, /is invalid$/],
  ])('refuses %s', async (_, RoleArn, message) => {
    await expect(assumed({ RoleArn })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['a session name with a space', { RoleSessionName: 'two words' }],
    ['a session name of one letter', { RoleSessionName: 'x' }],
    ['less than a quarter of an hour', { DurationSeconds: 899 }],
    ['more than twelve hours', { DurationSeconds: 43_201 }],
    ['a part of an hour', { DurationSeconds: 1_000.5 }],
  ])('refuses %s', async (_, input) => {
    await expect(assumed(input)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('refuses longer sessions than the role allows, and longer than an hour from another role', async () => {
    const RoleArn = await createRole(OTHER, 'an-hour', { AWS: '*' });
    await expect(assumed({ RoleArn, DurationSeconds: 7_200 })).rejects.toThrow(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    await expect(assumed({ RoleArn, DurationSeconds: 7_200 }, { keys: await assumed({ RoleArn }) })).rejects.toThrow(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  });

  it('lets only the root of an account assume a role that nobody created here', async () => {
    await expect(assumed({ RoleArn: `arn:aws:iam::${OTHER}:role/unheard-of` })).resolves.toBeDefined();
    const keys = await assumed({ RoleArn: await createRole(OTHER, 'first', { AWS: HOME }) });
    await expect(assumed({ RoleArn: `arn:aws:iam::${HOME}:role/unheard-of` }, { keys })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
