import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { inThisProcess } from '../commands/in-this-process.ts';
import { deployStack } from '../constructs/deploy-stack.ts';
import { synthesize } from '../constructs/synthesize.ts';
import { functionRole, runningAccount } from '../local/secrets-manager/running-account.ts';
import { folderOfLines } from './lines-of-page.ts';
import { blockWith } from './pages.ts';

const NAME = 'my-app/custom-password';

/** What a command does with the policy of its page but one action: what it prints, and how it ends. */
type Without = Readonly<Record<string, readonly [says: RegExp, exitCode: number]>>;

const COMMANDS: readonly (readonly [page: string, args: readonly string[], without: Without])[] = [
  [
    'docs/rotate-now.md',
    ['rotate', NAME],
    {
      'secretsmanager:DescribeSecret': [/secretsmanager:DescribeSecret/, 1],
      'secretsmanager:ListSecretVersionIds': [/secretsmanager:ListSecretVersionIds/, 1],
      'secretsmanager:RotateSecret': [/secretsmanager:RotateSecret/, 1],
      'lambda:InvokeFunction': [/lambda:InvokeFunction|invoke/i, 1],
      'logs:FilterLogEvents': [/logs:FilterLogEvents/, 0],
    },
  ],
  [
    'docs/status.md',
    ['status', '--stack'],
    {
      'secretsmanager:ListSecrets': [/my-app\/custom-password/, 0],
      'secretsmanager:DescribeSecret': [/secretsmanager:DescribeSecret/, 2],
      'logs:FilterLogEvents': [/logs:FilterLogEvents/, 0],
    },
  ],
  [
    'docs/status.md',
    ['status'],
    {
      'secretsmanager:ListSecrets': [/secretsmanager:ListSecrets/, 2],
      'secretsmanager:DescribeSecret': [/all is well/, 0],
    },
  ],
  [
    'docs/preflight.md',
    ['preflight', NAME],
    {
      'secretsmanager:DescribeSecret': [/secretsmanager:DescribeSecret/, 2],
      'secretsmanager:GetResourcePolicy': [/secretsmanager:GetResourcePolicy/, 0],
      'lambda:GetFunction': [/lambda:GetFunction/, 0],
      'lambda:GetPolicy': [/lambda:GetPolicy/, 0],
      'lambda:InvokeFunction': [/lambda:InvokeFunction/, 0],
      'iam:SimulatePrincipalPolicy': [/iam:SimulatePrincipalPolicy/, 0],
    },
  ],
];

function declare(stack: Parameters<Parameters<typeof synthesize>[0]>[0]) {
  new RotatedSecret(stack, 'password', {
    name: NAME,
    rotation: Rotation.password(),
    schedule: Schedule.rate({ days: 30 }),
  });
}

describe('With the policy of its page, a command works, and says what it lacks without an action of it:', () => {
  it.each(COMMANDS)('%s, %j', async (page, args, without) => {
    const { Effect, Action, Resource } = JSON.parse(blockWith(page, 'json', '"Effect": "Allow"'));
    expect([Effect, Resource]).toEqual(['Allow', '*']);
    const { aws, client } = await runningAccount({ rotation: { attempts: 1 } });
    await deployStack(aws.account, declare);
    expect(await aws.rotationSettled(NAME)).toBe('succeeded');
    // status looks at the versions of a rotation that has not ended.
    if (args[0] === 'status')
      await client.send(
        new PutSecretValueCommand({ SecretId: NAME, SecretString: '{}', VersionStages: ['AWSPENDING'] }),
      );
    const folder = folderOfLines();
    writeFileSync(path.join(folder, 'cdk.tf.json'), JSON.stringify(synthesize(declare)));
    const given = args.at(-1) === '--stack' ? [...args, folder] : args;
    const run = (index: number, actions: readonly string[]) =>
      inThisProcess(given, { ...aws.environment, AWS_ACCESS_KEY_ID: keyOf(`operator-${index}`, actions) });
    const keyOf = (role: string, actions: readonly string[]) =>
      aws.account.sessions.add({
        caller: { arn: `arn:aws:sts::${aws.account.id}:assumed-role/${role}/operator` },
        roleArn: functionRole(aws.account, role, actions),
        kill: async () => {},
      });

    const whole = await run(0, Action);
    expect(whole).toMatchObject({ exitCode: 0, stderr: '' });
    expect(whole.stdout).not.toContain('not authorized');
    for (const [index, [action, [says, exitCode]]] of Object.entries(without).entries()) {
      expect(Action).toContain(action);
      const ended = await run(
        index + 1,
        Action.filter((each: string) => each !== action),
      );
      expect({ action, ...ended }).toMatchObject({ action, exitCode });
      expect(ended.stdout + ended.stderr, action).toMatch(says);
    }
  });
});
