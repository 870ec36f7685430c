import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CreateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { statusOfMany } from '../../../bench/status-of-many.ts';
import { cancelRotateSecret } from '../../../local/secrets-manager/cancel-rotate-secret.ts';
import {
  functionRole,
  type RunningAccount,
  rotationFunction,
  runningAccount,
  TURNING,
} from '../../local/secrets-manager/running-account.ts';
import { tsx } from '../../run-command.ts';
import { inThisProcess } from '../in-this-process.ts';

/** A function that fails, and writes the line that `rotationHandler` writes. */
const FAILING = `exports.handler = async ({ Step, SecretId, ClientRequestToken: versionId }) => {
  const secret = SecretId.split(':').slice(6).join(':').slice(0, -7);
  const failure = { errorCode: 'NETWORK', errorMessage: 'db.example.com:5432 cannot be reached.' };
  console.log(JSON.stringify({ step: Step, secret, versionId, durationMs: 1, outcome: 'failed', ...failure }));
  throw new Error('no');
};`;

const status = (args: readonly string[], environment: Readonly<Record<string, string>>) =>
  inThisProcess(['status', ...args], environment);

/** Creates a secret, and rotates it once if there is a function. */
async function secretOf({ aws, client }: RunningAccount, Name: string, RotationLambdaARN?: string) {
  await client.send(new CreateSecretCommand({ Name, SecretString: 'sentinel-value' }));
  if (RotationLambdaARN === undefined) return;
  const RotationRules = { ScheduleExpression: 'rate(30 days)' };
  await client.send(new RotateSecretCommand({ SecretId: Name, RotationLambdaARN, RotationRules }));
  await aws.rotationSettled(Name);
}

function denied({ aws: { account } }: RunningAccount, ...actions: string[]) {
  const roleArn = functionRole(account, 'reader', actions);
  const caller = { arn: `arn:aws:sts::${account.id}:assumed-role/reader/s` };
  return { AWS_ACCESS_KEY_ID: account.sessions.add({ caller, roleArn, kill: async () => {} }) };
}

const ref = (address: string) => `\${${address}}`;

function stackWith(json: object): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-status-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'cdk.tf.json'), JSON.stringify(json));
  return folder;
}

describe('npm run status', () => {
  it('shows what needs attention first, with the reason and where to read on, and no value', async () => {
    const running = await runningAccount();
    await secretOf(running, 'app/well', await rotationFunction(running, TURNING));
    await secretOf(running, 'app/failing', await rotationFunction(running, FAILING));
    await secretOf(running, 'app/canceled', await rotationFunction(running, TURNING));
    cancelRotateSecret({ SecretId: 'app/canceled' }, running.aws.account);
    await secretOf(running, 'app/static');
    await secretOf(running, 'other/failing', await rotationFunction(running, FAILING));

    const { exitCode, stdout, stderr } = await status(['app/'], running.aws.environment);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout.match(/app\/\w+/g)).toEqual(['app/failing', 'app/canceled', 'app/static', 'app/well']);
    expect(stdout).toMatch(/app\/failing +│ rotate-\S+ +│ 0 h +│ .* failed \d{4}-.*createSecret failed: NETWORK/);
    expect(stdout).toMatch(/app\/canceled .*rotation is switched off/);
    expect(stdout).toMatch(/app\/static +│ – .*has no rotation/);
    expect(stdout).toMatch(/app\/well .* rotated \d{4}-\d\d-\d\d \d\d:\d\d +│ – +│/);
    expect(stdout).toMatch(/\n3 of 4 secrets need attention\.\n/);
    expect(stdout).toContain('  NETWORK: docs/errors.md#function-network\n');
    expect(stdout).toContain('  CANCELED: docs/errors.md#finding-canceled\n');
    expect(stdout).not.toContain('other/');
    expect(stdout).not.toContain('sentinel-value');
  });

  it('prints one line of JSON, and ends with 0 if all is well', async () => {
    const running = await runningAccount();
    await secretOf(running, 'app/db', await rotationFunction(running, TURNING));
    await secretOf(running, 'app/client');
    // Without a prefix, what never rotated is not asked about.
    for (const args of [['--json'], ['app/', '--except', 'app/client', '--json']]) {
      const { exitCode, stdout } = await status(args, running.aws.environment);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        region: 'us-east-1',
        secrets: [{ name: 'app/db', findings: [], daysOverdue: 0, functionName: expect.stringMatching(/^rotate-/) }],
        notes: [],
      });
      expect(stdout.trimEnd()).not.toContain('\n');
    }
  });

  it('shows the secrets of a stack, and which of them do not exist', async () => {
    const running = await runningAccount();
    await secretOf(running, 'app/db', await rotationFunction(running, TURNING));
    const folder = stackWith({
      resource: {
        aws_secretsmanager_secret: {
          db: { name: 'app/db' },
          gone: { name: 'app/gone' },
          later: { name: ref('var.name') },
        },
        aws_secretsmanager_secret_rotation: {
          db: { secret_id: ref('aws_secretsmanager_secret.db.arn') },
          gone: { secret_id: ref('aws_secretsmanager_secret.gone.id') },
          later: { secret_id: ref('aws_secretsmanager_secret.later.arn') },
        },
      },
    });
    const { exitCode, stdout } = await status(['--stack', folder], running.aws.environment);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/app\/gone .*is declared but does not exist/);
    expect(stdout).toMatch(/app\/db .*rotated/);
    expect(stdout).toContain("1 of the stack's secrets have names that only Terraform knows.");
  });

  it('says so if reasons may not be read, and shows the rest', async () => {
    const running = await runningAccount();
    await secretOf(running, 'app/db', await rotationFunction(running, FAILING));
    const key = denied(running, 'secretsmanager:*');
    const { exitCode, stdout } = await status(['app/'], { ...running.aws.environment, ...key });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Reasons are missing: .*is not authorized to perform: logs:FilterLogEvents/);
  });

  it('looks at 1,000 secrets with few calls, none of which AWS would refuse', async () => {
    const { seconds: _, ...look } = await statusOfMany(1_000, 4);
    // 10 pages of secrets, 50 rotations that have not ended, and the logs of 4 functions.
    expect(look).toEqual({ secrets: 1_000, attention: 50, calls: 64, throttled: 0 });
  });

  it('looks again until Ctrl-C with --watch', async () => {
    const running = await runningAccount();
    await secretOf(running, 'app/db', await rotationFunction(running, TURNING));
    const args = [...tsx('commands/rotaform.ts'), 'status', '--watch', '5', '--json'];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...running.aws.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout);
    const seen: unknown[] = [];
    for await (const line of lines) {
      seen.push(JSON.parse(line).secrets[0].findings);
      if (seen.length === 1) cancelRotateSecret({ SecretId: 'app/db' }, running.aws.account);
      if (seen.length === 2) child.kill('SIGINT');
    }
    expect(seen).toEqual([[], ['CANCELED']]);
  });

  it.each<[string, string[], Readonly<Record<string, string>>, RegExp]>([
    ['two prefixes', ['a', 'b'], {}, /^Expected one prefix, found 2: npm run status -- my-app\//],
    ['a prefix and a stack', ['a', '--stack', 'b'], {}, /^Found a prefix and --stack\. Expected one of them\./],
    [
      'a prefix that AWS takes for its opposite',
      ['!a'],
      {},
      /^The prefix is "!a"\. Expected how names of secrets begin/,
    ],
    ['a folder that is no stack', ['--stack', 'docs'], {}, /^There is no docs.cdk\.tf\.json\. Expected the folder/],
    ['a pause that is too short', ['--watch', '1'], {}, /^--watch is "1"\. Expected a whole number of seconds from 5/],
    ['no region', ['a'], {}, /^No AWS region is set\. Set AWS_REGION/],
  ])('refuses %s with exit code 2', async (_, args, environment, message) => {
    const { exitCode, stdout, stderr } = await status(args, environment);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('says what is missing if nothing could be checked', async () => {
    const running = await runningAccount();
    const { environment } = running.aws;
    const none = await status(['app/'], environment);
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expect(none.stderr).toMatch(/^Nothing was checked: no secret has a name that begins with "app\/" in us-east-1\./);
    const any = await status([], environment);
    expect(any.stderr).toMatch(/^Nothing was checked: no secret rotates in us-east-1\./);
    const refused = await status(['app/'], { ...environment, ...denied(running, 'logs:*') });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^Nothing was checked\. User: \S+ is not authorized to perform: secretsmanager:ListSecrets .*This needs secretsmanager:ListSecrets, /,
    );
    await running.aws.close();
    const away = await status(['app/'], environment);
    expect(away.stderr).toMatch(/^Nothing was checked\. http:\S+ does not answer \(ECONNREFUSED\)/);
  });
});
