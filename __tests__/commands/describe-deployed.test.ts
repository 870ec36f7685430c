import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { places } from '../../commands/start/deployed/describe-deployed.ts';
import { monthlyCost, rotationsAMonth } from '../../commands/start/deployed/monthly-cost.ts';
import { policyInWords } from '../../commands/start/deployed/policy-in-words.ts';
import { resourceLines, resourcesOf } from '../../commands/start/deployed/resource-lines.ts';
import { createSecret } from '../../local/secrets-manager/create-secret.ts';
import { runningAccount } from '../local/secrets-manager/running-account.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-app/db-AbCdEf';
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

describe('npm start, after a deploy', () => {
  const stack = {
    resource: {
      aws_kms_key: { key: {} },
      aws_s3_bucket: { logs: { bucket: 'mine' } },
      aws_secretsmanager_secret: { a: { name: 'a', replica: [{ region: 'eu-west-1' }] }, b: { name: 'b' } },
      aws_iam_role: { role: { name_prefix: 'rotate-' } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, as Terraform spells it
      aws_iam_role_policy: { policy: { name: '${each.key}' } },
      random_password: { first: {} },
    },
  };

  it('names each kind of resource, or counts it', () => {
    expect(resourceLines(resourcesOf([stack, {}]))).toEqual([
      ['secret', '2'],
      ['KMS key', '1'],
      ['S3 bucket', '1'],
      ['IAM role', 'rotate-…'],
      ['IAM role policy', '1'],
      ['random password', '1'],
    ]);
  });

  it('says in which regions and accounts', async () => {
    const { aws } = await runningAccount();
    const [east, west, other] = [{}, { region: 'eu-west-1' }, { id: '444455556666' }].map((at) => aws.account.at(at));
    for (const account of [east, west, other]) {
      if (account) createSecret({ Name: 'a', ClientRequestToken: randomUUID() }, account);
    }
    expect(places(aws.accounts())).toBe(
      `us-east-1 and eu-west-1 of the account ${aws.account.id}; us-east-1 of the account 444455556666`,
    );
  });

  it('adds up what has a price, replicas too, and names what was not counted', () => {
    expect(monthlyCost(resourcesOf([stack]), [])).toEqual([
      expect.stringMatching(/^About \$2\.20 a month \(prices of us-east-1, \w+ \d{4}, without free tiers\)$/),
      '3 secrets at $0.40, 1 KMS key at $1.00, rotations less than $0.01',
      expect.stringContaining('$0.05 for 10,000 calls'),
      'not counted: S3 bucket',
    ]);
  });

  it('counts the calls and the steps of a rotation as often as it comes', () => {
    const step = { step: 'createSecret', durationMs: 1, calls: 1_000 } as const;
    const versions = { before: [], during: [], after: [] };
    const record = { secretName: 'a', versionId: 'a', steps: [step, step], attempts: 1, versions };
    const [total] = monthlyCost([], [{ record, rules: { ScheduleExpression: 'rate(10 hours)' } }]);
    // 73 rotations of 2,000 calls: 146,000 calls.
    expect(total).toMatch(/^About \$0\.73 a month/);
  });

  it.each([
    ['rate(4 hours)', 182.5],
    ['rate(365 days)', 1 / 12],
    ['cron(0 8/8 ? * * *)', 60.875],
    ['cron(0 0 1 * ? *)', 1],
    ['cron(0 3 1 1 ? *)', 1 / 12],
  ])('counts how often %s rotates in a month', (ScheduleExpression, expected) => {
    expect(rotationsAMonth({ ScheduleExpression })).toBeCloseTo(expected, 1);
  });

  it.each<[object, string]>([
    [
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], Resource: arn },
      'may read and change the secret my-app/db',
    ],
    [
      {
        Effect: 'Allow',
        Action: 'logs:PutLogEvents',
        Resource: ['arn:aws:logs:us-east-1:1:log-group:/aws/lambda/a:*'],
      },
      'may write to the log /aws/lambda/a',
    ],
    [
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: 'arn:aws:kms:us-east-1:1:key/12',
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
      },
      'may decrypt with and encrypt with the key 12 through Secrets Manager',
    ],
    [
      {
        Effect: 'Deny',
        Action: ['ec2:CreateNetworkInterface', 'ec2:DescribeSubnets'],
        Resource: '*',
        Condition: { ArnEquals: { 'lambda:SourceFunctionArn': ['a', 'b'] } },
      },
      'may not call ec2:CreateNetworkInterface and ec2:DescribeSubnets on any resource if lambda:SourceFunctionArn ArnEquals a or b',
    ],
    [
      { Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::mine' },
      'may do everything but iam:* on everything but arn:aws:s3:::mine',
    ],
  ])('says what a policy allows: %j', (statement, words) => {
    expect(policyInWords(policy(statement))).toEqual([words]);
  });

  it('reads a policy whose statement is not a list', () => {
    const Statement = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' };
    expect(policyInWords(JSON.stringify({ Statement }))).toEqual(['may read any resource']);
  });
});
