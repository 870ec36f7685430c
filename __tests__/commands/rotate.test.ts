import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { functionRole, rotationFunction, runningAccount, TURNING } from '../local/secrets-manager/running-account.ts';
import { runLocal, runRotate } from './running-local.ts';

const NAME = 'my-app/custom-password';
const ClientRequestToken = '11111111-2222-3333-4444-555555555555';

async function runningLocal(...args: string[]) {
  const local = await runLocal(...args);
  onTestFinished(() => local.stop());
  return local;
}

describe('npm run rotate', () => {
  it('rotates a secret now, and shows its steps and labels, but no value', async () => {
    const { environment, records, recorded } = await runningLocal();
    await recorded(({ eventName }) => eventName === 'RotationSucceeded');
    const seen = records.length;
    const { exitCode, stdout, stderr } = await runRotate([NAME], environment);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/createSecret done, \d+ ms[\s\S]*finishSecret done, \d+ ms/);
    expect(stdout).toMatch(/my-app\/custom-password rotated in [\d.]+ s$/m);
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
      expect(stdout).toMatch(new RegExp(`^  ${step} +━+ +\\d+ ms  [a-z]`, 'm'));
    }
    const [, versionId = ''] = /Version (\S+) is AWSCURRENT\. The old value is AWSPREVIOUS/.exec(stdout) ?? [];
    const row = stdout.split('\n').find((line) => line.includes(`…${versionId.slice(-8)}`));
    expect(row).toMatch(/│ – .*│ AWSCURRENT +│$/);
    expect(stdout).not.toMatch(/│ value/);

    const { requestID } = await recorded(
      (each) => each.eventName === 'RotationSucceeded' && records.indexOf(each) >= seen,
    );
    expect(requestID).toContain(versionId);
    const ofClient = records.slice(seen).filter(({ userIdentity }) => Object(userIdentity).type === 'Root');
    expect(ofClient.map(({ eventName }) => eventName)).toContain('RotateSecret');
    expect(ofClient.map(({ eventName }) => eventName)).not.toContain('GetSecretValue');
  });

  it('says which step failed and why, which value is current, and who tries again', async () => {
    // The rotation at deployment makes the first such call. Those of the next rotation all fail.
    const { environment, recorded } = await runningLocal(
      '--fault',
      'UpdateSecretVersionStage:fail-before:nth=2:times=100',
    );
    await recorded(({ eventName }) => eventName === 'RotationSucceeded');
    const { exitCode, stdout } = await runRotate([NAME], environment);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/my-app\/custom-password did not rotate in 1 attempt/);
    expect(stdout).toMatch(/finishSecret +━+ +\d+ ms {2}failed/);
    expect(stdout).toMatch(/finishSecret failed with SERVICE: An error occurred on the server side\./);
    expect(stdout).toMatch(/│ – .*│ AWSPENDING +│ AWSPENDING +│/);
    expect(stdout).toContain('The old value is still current.');
    expect(stdout).toContain('Secrets Manager tries again by itself');
    expect(stdout).toContain('What SERVICE means, and what to do: docs/errors.md#function-service');
    expect(stdout).toContain('docs/revert.md');

    const again = await runRotate([NAME], environment);
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toMatch(/^Nothing was rotated\. A rotation of my-app\/custom-password is in progress: .*\n$/);
    // The reason once more, from the log.
    expect(again.stderr).toMatch(
      /finishSecret failed last, with SERVICE: An error occurred on the server side\. What SERVICE means, and what to do: docs\/errors\.md#function-service\. The log is \/aws\/lambda\/rotate-my-app-custom-password\. Secrets Manager tries it again/,
    );

    // A change of the schedule is refused as well, until what both said was done.
    const command =
      /update-secret-version-stage --secret-id (\S+) --version-stage AWSPENDING --remove-from-version-id (\S+)/;
    const [freed, SecretId = '', RemoveFromVersionId = ''] = command.exec(again.stderr) ?? [];
    expect(stdout).toContain(freed);
    const client = new SecretsManagerClient({
      region: environment.AWS_REGION ?? '',
      endpoint: environment.AWS_ENDPOINT_URL ?? '',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'any' },
    });
    const edit = () =>
      client.send(new RotateSecretCommand({ SecretId, RotationRules: { ScheduleExpression: 'rate(7 days)' } }));
    await expect(edit()).rejects.toThrow("A previous rotation isn't complete");
    const VersionStage = 'AWSPENDING';
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId }));
    await edit();
    const { RotationRules } = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(RotationRules).toMatchObject({ ScheduleExpression: 'rate(7 days)' });
    client.destroy();
  });

  it('stops watching when the time is up', async () => {
    const running = await runningAccount();
    const RotationLambdaARN = await rotationFunction(
      running,
      'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));',
    );
    await running.client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    await configureRotation(running, RotationLambdaARN);
    const { exitCode, stdout } = await runRotate(['s', '--timeout', '1'], running.aws.environment);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/s did not rotate/);
    expect(stdout).toMatch(/Version \S+ is not AWSCURRENT yet, and the time is up\./);
    expect(stdout).toMatch(
      /The log \/aws\/lambda\/rotate-\S+ says nothing about this rotation\. Only labels are shown\./,
    );
    expect(stdout).toContain('Secrets Manager tries again by itself');
  });

  it('shows only labels if the log may not be read', async () => {
    const running = await runningAccount();
    const { account, environment } = running.aws;
    await running.client.send(new CreateSecretCommand({ Name: 's', SecretString: 'sentinel-value' }));
    await configureRotation(running, await rotationFunction(running, TURNING));
    const { exitCode, stdout, stderr } = await runRotate(['s'], {
      ...environment,
      ...keyOf(account, 'secretsmanager:*', 'lambda:InvokeFunction'),
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /The log \/aws\/lambda\/rotate-\S+ cannot be read: User: \S+ is not authorized to perform: logs:FilterLogEvents.* Only labels are shown\./,
    );
    expect(stdout).toMatch(/^s rotated *$/m);
    expect(stdout).not.toContain('createSecret');
    expect(stdout).not.toContain('sentinel-value');
    const { SecretString } = await running.client.send(new GetSecretValueCommand({ SecretId: 's' }));
    expect(SecretString).not.toBe('sentinel-value');
  });

  it('refuses a second rotation with the command that ends the first one, also if nobody may read its log', async () => {
    const running = await runningAccount();
    const RotationLambdaARN = await rotationFunction(running, 'exports.handler = async () => { throw new Error(); };');
    await running.client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    await running.client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN, ClientRequestToken }));
    const asked = async (environment: Record<string, string> = {}) =>
      (await runRotate(['s'], { ...running.aws.environment, ...environment })).stderr;
    const end = `--version-stage AWSPENDING --remove-from-version-id ${ClientRequestToken}`;
    const unread = await asked(keyOf(running.aws.account, 'secretsmanager:*', 'lambda:InvokeFunction'));
    expect(unread).toMatch(/The log \/aws\/lambda\/rotate-\S+ cannot be read: User: \S+ is not authorized to perform/);
    expect(unread).toContain(end);
    // A function that does not write our line.
    const silent = await asked();
    expect(silent).toMatch(/The log \/aws\/lambda\/rotate-\S+ does not say yet that a step failed\. Secrets Manager/);
    expect(silent).toContain(end);
  });

  it('says so if the new version loses AWSPENDING', async () => {
    const running = await runningAccount();
    await running.client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    const source = `exports.handler = async ({ Step, SecretId, ClientRequestToken }) => {
      if (Step !== 'createSecret') throw new Error('never');
      await call('PutSecretValue', { SecretId, ClientRequestToken: '${randomUUID()}', SecretString: 'by hand' });
    };`;
    await configureRotation(running, await rotationFunction(running, TURNING));
    const RotationLambdaARN = await rotationFunction(running, source);
    const secret = running.aws.account.secrets.find('s');
    if (secret?.rotation) secret.rotation = { ...secret.rotation, lambdaArn: RotationLambdaARN };
    const denied = keyOf(running.aws.account, 'secretsmanager:*', 'lambda:InvokeFunction');
    const { exitCode, stdout } = await runRotate(['s'], { ...running.aws.environment, ...denied });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Version \S+ lost AWSPENDING/);
  });

  describe('with one line', () => {
    it('refuses what it cannot rotate', async () => {
      const running = await runningAccount();
      const { environment, account } = running.aws;
      await running.client.send(new CreateSecretCommand({ Name: 'still', SecretString: 'x' }));
      const refusals: [string[], Record<string, string>, RegExp][] = [
        [['none'], {}, /^Nothing was rotated\. There is no secret "none" in us-east-1\./],
        [
          ['still'],
          {},
          /^Nothing was rotated\. No rotation is configured for still\. Declare one: see docs\/password\.md/,
        ],
        [['still'], keyOf(account, 'logs:*'), /is not authorized to perform: secretsmanager:DescribeSecret.* needs /],
      ];
      for (const [args, more, message] of refusals) await expectRefusal(args, { ...environment, ...more }, message);
    });

    it.each<[string, string[], RegExp]>([
      ['no name', [], /^Expected the name of one secret, found 0/],
      ['two names', ['a', 'b'], /^Expected the name of one secret, found 2/],
      ['a timeout that is not a number', ['a', '--timeout', 'soon'], /^--timeout is "soon"\. Expected a whole number/],
      ['an unknown option', ['a', '--now'], /^Unknown option '--now'\. Run npm run rotate -- --help\./],
    ])('refuses %s with exit code 2', async (_, args, message) => expectRefusal(args, {}, message, 2));

    it.each<[string, Record<string, string>, RegExp]>([
      ['no region', {}, /^No AWS region is set\. Set AWS_REGION/],
      ['no credentials', { AWS_REGION: 'us-east-1' }, /^Nothing was rotated\. No AWS credentials were found\./],
    ])('refuses %s with exit code 1', async (_, environment, message) => expectRefusal(['a'], environment, message));

    it('says that the endpoint does not answer', async () => {
      const { aws } = await runningAccount();
      await aws.close();
      await expectRefusal(
        ['a'],
        aws.environment,
        /^Nothing was rotated\. http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\. Check AWS_ENDPOINT_URL/,
      );
    });
  });

  it('prints its options', async () => {
    const { exitCode, stdout } = await runRotate(['--help'], {});
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/npm run rotate -- NAME[\s\S]*--timeout <SECONDS>/);
  });
});

async function expectRefusal(
  args: string[],
  environment: Record<string, string>,
  message: RegExp,
  expected = 1,
): Promise<void> {
  const { exitCode, stdout, stderr } = await runRotate(args, environment);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(stdout).toBe('');
  expect(exitCode).toBe(expected);
}

/** Configures the rotation without starting one: with only a test, which is canceled. */
async function configureRotation(
  { aws, client }: Awaited<ReturnType<typeof runningAccount>>,
  RotationLambdaARN: string,
) {
  await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN, RotateImmediately: false }));
  const secret = aws.account.secrets.find('s');
  secret?.lastRun?.cancel();
  secret?.stages.delete('AWSPENDING');
}

/** The access key of somebody who may call these actions, and no others. */
function keyOf(account: Parameters<typeof functionRole>[0], ...actions: string[]): Record<string, string> {
  const RoleName = `operator-${randomUUID()}`;
  const session = {
    caller: { arn: `arn:aws:sts::${account.id}:assumed-role/${RoleName}/operator` },
    roleArn: functionRole(account, RoleName, actions),
    kill: async () => {},
  };
  return { AWS_ACCESS_KEY_ID: account.sessions.add(session) };
}
