import type { TerraformStack } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { OnRotated, RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import type { AccountEvents } from '../../local/account-events.ts';
import { runningAccount } from '../local/secrets-manager/running-account.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const NAME = 'my-app/db';
const base = { name: NAME, rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const web = OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web' });
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:rotated';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:rotated';
const BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/team';
const CONNECTION = 'arn:aws:events:us-east-1:123456789012:connection/hook/0123abcd';

type Declare = (stack: TerraformStack) => void;
const withFollowers =
  (onRotated: readonly OnRotated[], props: object = {}): Declare =>
  (stack) =>
    void new RotatedSecret(stack, 'db', { ...base, ...props, onRotated });

/** An account with one secret and what follows its rotations. */
async function followed(declare: Declare) {
  const running = await runningAccount({ trail: false, rotation: { attempts: 1 } });
  const { account } = running.aws;
  const deployments: AccountEvents['deployment'][0][] = [];
  const messages: AccountEvents['message'][0][] = [];
  const notifications: AccountEvents['notification'][0][] = [];
  const refused: string[] = [];
  account.events.on('deployment', (deployment) => deployments.push(deployment));
  account.events.on('message', (message) => messages.push(message));
  account.events.on('notification', (notification) => notifications.push(notification));
  account.events.on('call', ({ errorMessage = '' }) => {
    if (errorMessage.includes('not authorized')) refused.push(errorMessage);
  });
  await deployStack(account, declare);
  const rotated = await running.aws.rotationSettled(NAME);
  return { ...running, account, deployments, messages, notifications, refused, rotated };
}

describe('onRotated on the local AWS', () => {
  it('restarts a service once a rotation, and not for the first version, without a trail', async () => {
    const { account, deployments, refused } = await followed(withFollowers([web]));
    // The first rotation was at once, the first version before it.
    expect(deployments).toEqual([{ cluster: 'apps', service: 'web' }]);
    await account.clock.advance({ days: 91 });
    expect(deployments).toHaveLength(4);
    expect(refused).toEqual([]);
  });

  it('does nothing for a version that the first rotation makes, or if a rotation fails', async () => {
    const rotation = Rotation.password({ format: 'text' });
    const { account, aws, deployments } = await followed(withFollowers([web], { rotation }));
    expect(account.secrets.find(NAME)?.versions.size).toBe(1);
    expect(deployments).toEqual([]);
    aws.faults.add({ action: 'UpdateSecretVersionStage', kind: 'fail-before', times: Number.POSITIVE_INFINITY });
    await account.clock.advance({ days: 31 });
    expect(deployments).toEqual([]);
    aws.faults.clear();
    await account.clock.advance({ days: 30 });
    expect(deployments).toHaveLength(1);
  });

  it('does nothing for another label, and once for a value that somebody puts', async () => {
    const { client, deployments } = await followed(withFollowers([web]));
    const { PutSecretValueCommand, UpdateSecretVersionStageCommand } = await import('@aws-sdk/client-secrets-manager');
    const before = deployments.length;
    const put = { SecretId: NAME, SecretString: '{}' };
    const { VersionId } = await client.send(new PutSecretValueCommand({ ...put, VersionStages: ['CANARY'] }));
    expect(deployments).toHaveLength(before);
    await client.send(new PutSecretValueCommand({ ...put, SecretString: '{"a":1}' }));
    expect(deployments).toHaveLength(before + 1);
    const label = { SecretId: NAME, VersionStage: 'CANARY', RemoveFromVersionId: VersionId };
    await client.send(new UpdateSecretVersionStageCommand(label));
    expect(deployments).toHaveLength(before + 1);
  });

  it('tells a topic, a queue, another bus and a webhook, and no message holds a value', async () => {
    const { messages, notifications, account } = await followed(
      withFollowers([
        OnRotated.sns({ topicArn: TOPIC }),
        OnRotated.sqs({ queueArn: QUEUE }),
        OnRotated.eventBus({ eventBusArn: BUS }),
        OnRotated.webhook({ connectionArn: CONNECTION, url: 'https://example.com/rotated' }),
      ]),
    );
    const secret = account.secrets.find(NAME);
    const versionId = secret?.stages.get('AWSCURRENT') ?? '';
    expect(notifications).toMatchObject([{ topicArn: TOPIC }]);
    expect(messages.map(({ targetArn }) => targetArn)).toEqual([
      QUEUE,
      BUS,
      expect.stringMatching(/:api-destination\/rotate-my-app-db-rotated-/),
    ]);
    for (const { message } of [...messages, ...notifications]) {
      expect(JSON.parse(message)).toMatchObject({
        'detail-type': 'Secret Label Updated',
        resources: [secret?.arn],
        detail: { name: NAME, labelUpdated: 'AWSCURRENT', versionId },
      });
      expect(message).not.toContain(JSON.parse(secret?.versions.get(versionId)?.value?.SecretString ?? '').password);
    }
  });

  it('keeps the event if the service cannot be restarted, or the target does not take it', async () => {
    const { account, deployments } = await followed((stack) => {
      new RotatedSecret(stack, 'db', { ...base, onRotated: [web, OnRotated.sqs({ queueArn: QUEUE })] });
    });
    account.queues.add({ name: 'rotated', arn: QUEUE, messages: [], settings: new Map(), tags: new Map() });
    const { deleteRolePolicy } = await import('../../local/iam/role-policies.ts');
    const [machine] = [...account.machines.all()];
    const RoleName = machine?.roleArn.split('/').at(-1) ?? '';
    const role = account.roles.find(RoleName);
    const policy = JSON.parse(role?.inlinePolicies.get('restart') ?? '');
    policy.Statement = policy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== 'RestartTheService');
    deleteRolePolicy({ RoleName, PolicyName: 'restart' }, account);
    const { putRolePolicy } = await import('../../local/iam/role-policies.ts');
    putRolePolicy({ RoleName, PolicyName: 'restart', PolicyDocument: JSON.stringify(policy) }, account);
    const before = deployments.length;
    await account.clock.advance({ days: 31 });
    expect(deployments).toHaveLength(before);
    const [kept] = account.queues.all().filter(({ name }) => name.startsWith('rotate-my-app-db-undelivered-'));
    expect(kept?.messages.map(({ attributes }) => attributes.ERROR_CODE).sort()).toEqual(['NO_PERMISSIONS', undefined]);
    for (const { body } of kept?.messages ?? []) expect(JSON.parse(body)).toMatchObject({ detail: { name: NAME } });
  });
});

describe('onRotated of a secret that does not exist', () => {
  it('is refused by the name of the secret', async () => {
    const { account } = (await runningAccount()).aws;
    const secretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:gone-AbCdEf';
    const deployed = deployStack(account, (stack) => {
      const { rotation, schedule } = base;
      RotatedSecret.existing(stack, 'db', { secretArn, rotation, schedule, onRotated: [web] });
    });
    await expect(deployed).rejects.toThrow(/gone-AbCdEf|ResourceNotFoundException/);
  });
});

describe('onRotated', () => {
  it('lets each role do one thing to one target', () => {
    const json = synthesize(withFollowers([web, OnRotated.eventBus({ eventBusArn: BUS })]));
    const [restart] = blocksOf(json, 'aws_iam_policy_document', 'restart_1_permissions');
    const statements = restart?.statement as { actions: string[]; resources: string[] }[];
    expect(statements.map(({ actions }) => actions)).toEqual([
      ['secretsmanager:DescribeSecret'],
      ['ecs:UpdateService'],
      ['sqs:SendMessage'],
    ]);
    expect(statements[1]?.resources).toEqual([expect.stringMatching(/^arn:.*:service\/apps\/web$/)]);
    expect(statements.flatMap(({ resources }) => resources).join()).not.toContain('*');
    const [role] = blocksOf(json, 'aws_iam_policy_document', 'followers_permissions');
    expect(role?.statement).toMatchObject([
      { actions: ['states:StartExecution'], resources: [expect.stringContaining('aws_sfn_state_machine')] },
      { actions: ['events:PutEvents'], resources: [BUS] },
    ]);
    expect(blockOf(json, 'aws_sqs_queue')).toMatchObject({ sqs_managed_sse_enabled: true });
    for (const target of blocksOf(json, 'aws_cloudwatch_event_target')) {
      expect(target).toMatchObject({ dead_letter_config: { arn: expect.stringContaining('aws_sqs_queue') } });
    }
  });

  it('gives a topic and a queue no role, as AWS advises', () => {
    const json = synthesize(withFollowers([OnRotated.sqs({ queueArn: QUEUE }), OnRotated.sns({ topicArn: TOPIC })]));
    expect(blocksOf(json, 'aws_cloudwatch_event_target').map((target) => 'role_arn' in target)).toEqual([false, false]);
    expect(blocksOf(json, 'aws_iam_role', 'followers')).toEqual([]);
  });

  it('makes nothing if nothing follows', () => {
    expect(blocksOf(synthesize(withFollowers([])), 'aws_sqs_queue')).toEqual([]);
  });

  it.each([
    [
      'no list',
      () => web,
      /^RotatedSecret|^onRotated is not a list of followers\. Make each with OnRotated\.ecsService/,
    ],
    ['something else', () => [{}], /^onRotated is not a list of followers/],
    ['the same follower twice', () => [web, web], /^onRotated has the same ecsService twice/],
    [
      'more than EventBridge takes',
      () => 'abcdef'.split('').map((serviceName) => OnRotated.ecsService({ clusterName: 'c', serviceName })),
      /^onRotated has 6 followers\. Expected at most 5\. Send to one SNS topic/,
    ],
    [
      'the ARN of a service',
      () => [OnRotated.ecsService({ clusterName: 'c', serviceName: 'arn:aws:ecs:x:1:service/c/s' })],
      /^serviceName is "arn:aws:ecs.*Expected only the name/,
    ],
    [
      'what is no topic',
      () => [OnRotated.sns({ topicArn: QUEUE })],
      /^topicArn is ".*Expected an ARN such as arn:aws:sns/,
    ],
    [
      'an option of a topic that does not exist',
      () => [OnRotated.sns({ topicArn: TOPIC, region: 'us-east-1' } as never)],
      /^OnRotated\.sns has no option "region"\. It knows topicArn\.$/,
    ],
    [
      'a misspelled option of a queue',
      () => [OnRotated.sqs({ queueARN: QUEUE } as never)],
      /^OnRotated\.sqs has no option "queueARN"\. It knows queueArn\.$/,
    ],
    [
      'a bus without its ARN',
      () => [OnRotated.eventBus({} as never)],
      /^OnRotated\.eventBus needs the option eventBusArn, found nothing\.$/,
    ],
    [
      'a topic instead of its options',
      () => [OnRotated.sns(TOPIC as never)],
      /^OnRotated\.sns takes an object of options, found String\. It knows topicArn\.$/,
    ],
    ['a FIFO queue', () => [OnRotated.sqs({ queueArn: `${QUEUE}.fifo` })], /^queueArn is a FIFO topic or queue/],
    [
      'a queue of another region',
      () => [OnRotated.sqs({ queueArn: QUEUE.replace('us-east-1', 'eu-west-1') })],
      /^The queueArn is in eu-west-1/,
    ],
    ['what is no bus', () => [OnRotated.eventBus({ eventBusArn: 'default' })], /^eventBusArn is "default"\. Expected/],
    [
      'a URL with a password',
      () => [OnRotated.webhook({ connectionArn: CONNECTION, url: 'https://me:sentinel@example.com' })],
      /^url is not as expected\. Expected https:\/\/ and a host, without user and password\.$/,
    ],
    [
      'a key for a webhook',
      () => [OnRotated.webhook({ connectionArn: 'key', url: 'https://example.com' })],
      /^connectionArn is "key"\. Expected an ARN such as arn:aws:events:REGION:ACCOUNT:connection/,
    ],
  ])('refuses %s', (_, onRotated, message) => {
    const found = refusal(() => synthesize((scope) => withFollowers(onRotated() as OnRotated[])(scope)));
    expect(found).toMatchObject({ code: 'OPTIONS', message: expect.stringMatching(message) });
    expect(found?.message).not.toContain('sentinel');
  });
});
