import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { updateFunctionConfiguration } from '../../../local/lambda/update-function-configuration.ts';
import { deleteSecret } from '../../../local/secrets-manager/delete-secret.ts';
import { deployStrategy } from '../../lambda/rotation/deploy-strategy.ts';
import { functionRole } from '../../local/secrets-manager/running-account.ts';
import { checked, configure, preflight } from './preflight-of.ts';

const ALL = [
  ...['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy', 'lambda:GetFunction', 'lambda:GetPolicy'],
  ...['lambda:InvokeFunction', 'iam:SimulatePrincipalPolicy'],
];

async function deployed() {
  const secretString = '{"username":"app","password":"the first password"}';
  const strategy = await deployStrategy({ entry: 'lambda/password.ts', secretString });
  configure(strategy, undefined);
  const { account, environment } = strategy.aws;
  return {
    ...strategy,
    /** The environment of somebody who may do this alone. */
    as(actions: readonly string[]) {
      const roleArn = functionRole(account, 'operator', actions);
      const caller = { arn: `arn:aws:sts::${account.id}:assumed-role/operator/s` };
      const AWS_ACCESS_KEY_ID = account.sessions.add({ caller, roleArn, kill: async () => {} });
      return { environment: { ...environment, AWS_ACCESS_KEY_ID } };
    },
  };
}

describe('npm run preflight', () => {
  it('finds nothing wrong with a rotation that succeeds, and shows a table', async () => {
    const { aws, rotate } = await deployed();
    const { exitCode, stdout, stderr } = await preflight(aws, 'my-app/login');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^my-app\/login, rotated by rotate-/);
    expect(stdout).toMatch(/│ A new password +│ passed/);
    expect(stdout).toMatch(/The next window opens at \d{4}-/);
    expect(stdout).toMatch(/Nothing was found that would fail\.\n$/);
    expect((await rotate()).outcome).toBe('succeeded');
  });

  it('shows what would fail first, and where to read on', async () => {
    const strategy = await deployed();
    configure(strategy, 'none');
    const { exitCode, stdout } = await preflight(strategy.aws, strategy.secretArn);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^[^\n]+\n[^\n]+\n│ check [^\n]+\n[^\n]+\n│ The schedule +│ NO_SCHEDULE +│ my-app\/login has no schedule/,
    );
    expect(stdout).toMatch(/1 of \d+ checks fails\.\n {2}NO_SCHEDULE: docs\/errors\.md#finding-no_schedule\n$/);
  });

  it('needs the permissions that its page lists, and names one that is missing', async () => {
    const strategy = await deployed();
    const id = strategy.secretArn;
    const whole = await checked({ ...strategy, aws: { ...strategy.aws, ...strategy.as(ALL) } });
    expect(whole.checks.filter(({ outcome }: { outcome: string }) => outcome !== 'passed')).toEqual([]);
    for (const missing of ALL.slice(1)) {
      const { exitCode, stdout } = await preflight(strategy.as(ALL.filter((each) => each !== missing)), id);
      expect(exitCode).toBe(0);
      expect(stdout.replaceAll(/\s+(│\s+)*/g, ' ')).toContain(`this needs ${missing}.`);
    }
    const [describeSecret] = ALL;
    const { exitCode, stderr } = await preflight(strategy.as(ALL.slice(1)), id);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Nothing was checked\. .*not authorized to perform: secretsmanager:DescribeSecret/);
    expect(stderr).toContain(`This needs ${describeSecret}.`);
  });

  it('checks nothing of a secret that is not there, does not rotate, or is being deleted', async () => {
    const { aws, client, secretArn } = await deployed();
    await client.send(new CreateSecretCommand({ Name: 'static', SecretString: 'a value' }));
    const errors = [
      ['nothing', /There is no secret "nothing" in us-east-1/],
      ['static', /static has no rotation\. Declare one/],
    ] as const;
    for (const [name, error] of errors) {
      const { exitCode, stdout, stderr } = await preflight(aws, name);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(error);
    }
    deleteSecret({ SecretId: secretArn }, aws.account);
    expect((await preflight(aws, secretArn)).stderr).toMatch(/waits for its deletion/);
  });

  it.each([[[]], [['one', 'two']], [['--jsno', 'one']]])('refuses the arguments %j', async (args) => {
    const { exitCode, stderr } = await preflight({ environment: { AWS_REGION: 'us-east-1' } }, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Expected the name of one secret|Unknown option/);
  });

  it('does not invoke a function that may not be one of Rotaform, unless it is told to', async () => {
    const { aws, functionArn, secretArn } = await deployed();
    updateFunctionConfiguration({ FunctionName: functionArn, Description: 'Rotates' }, aws.account);
    const { exitCode, stdout } = await preflight(aws, secretArn);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/The function itself +│ not checked/);
    expect(aws.account.functions.find(functionArn)?.log).toEqual([]);
    expect((await preflight(aws, secretArn, '--invoke')).stdout).toMatch(/A new password +│ passed/);
  });
});
