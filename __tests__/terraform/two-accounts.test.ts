import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStack } from '../../commands/check-stack/check-stack.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform, writeOverrides } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { ownListOfTwoAccounts } from '../commands/check-stack/stack-to-attack.ts';

const PAYMENTS = '123456789012';
const REPORTING = '444455556666';

interface Place {
  readonly account: string;
  readonly region: string;
  /** A role's session. @default the account's root */
  readonly accessKeyId?: string | undefined;
}

describe.skipIf(!hasTerraform)(`examples/two-accounts${missingTerraform}`, { timeout: 600_000 }, () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-two-accounts-'));
  const folder = path.join(outdir, 'stacks/two-accounts');
  let aws: LocalAws;
  let outputs: Readonly<Record<'database_arn' | 'database_arn_in_frankfurt', string>>;

  beforeAll(async () => {
    aws = await localAws();
    const root = path.resolve(import.meta.dirname, '../..');
    const env = { ...process.env, CDKTF_OUTDIR: outdir };
    execFileSync(process.execPath, ['--import', 'tsx', 'examples/two-accounts/main.ts'], {
      cwd: root,
      env,
      stdio: 'pipe',
    });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    writeOverrides(folder);
    await succeed('apply', '-auto-approve');
    const shown = JSON.parse(await succeed('output', '-json'));
    outputs = {
      database_arn: shown.database_arn.value,
      database_arn_in_frankfurt: shown.database_arn_in_frankfurt.value,
    };
  }, 600_000);

  afterAll(async () => {
    await aws.close();
    rmSync(outdir, { recursive: true });
  });

  async function succeed(...args: string[]): Promise<string> {
    const environment = {
      ...{ AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: PAYMENTS, AWS_SECRET_ACCESS_KEY: 'any' },
    };
    const { exitCode, output } = await runTerraform(folder, args, environment).ended;
    if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${exitCode}:\n${output}`);
    return output;
  }

  /** The value by its label, or the name of the error. */
  async function read(
    { account, region, accessKeyId = account }: Place,
    SecretId: string,
    VersionStage = 'AWSCURRENT',
  ) {
    const credentials = { accessKeyId, secretAccessKey: 'any' };
    const client = new SecretsManagerClient({ endpoint: aws.endpoint, region, credentials, maxAttempts: 1 });
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
      return SecretString;
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    } finally {
      client.destroy();
    }
  }

  it('has a secret in each region and each account, rotated by a function of its own there', async () => {
    const places: [Place, string][] = [
      [{ account: PAYMENTS, region: 'us-east-1' }, 'payments/database'],
      [{ account: PAYMENTS, region: 'eu-central-1' }, 'payments/api'],
      [{ account: REPORTING, region: 'us-east-1' }, 'reports/api'],
    ];
    for (const [place, name] of places) {
      await expect.poll(() => read(place, name), { timeout: 60_000 }).toMatch(/"password":".{32}"/);
      for (const [other] of places.filter(([each]) => each !== place)) {
        if (name === 'payments/database' && other.region === 'eu-central-1') continue;
        expect(await read(other, name)).toBe('ResourceNotFoundException');
      }
    }
  });

  it('rotates in Virginia, and the replica in Frankfurt has the new value', async () => {
    const primary: Place = { account: PAYMENTS, region: 'us-east-1' };
    const replica: Place = { account: PAYMENTS, region: 'eu-central-1' };
    const before = await read(primary, 'payments/database');
    expect(await read(replica, outputs.database_arn_in_frankfurt)).toBe(before);
    await aws.account.clock.advance({ days: 31 });
    await expect.poll(() => read(primary, 'payments/database'), { timeout: 60_000 }).not.toBe(before);
    expect(await read(replica, 'payments/database')).toBe(await read(primary, 'payments/database'));
  });

  it('lets the other account’s role read both by label, and nobody else there', async () => {
    const sts = new STSClient({
      ...{ endpoint: aws.endpoint, region: 'us-east-1' },
      credentials: { accessKeyId: REPORTING, secretAccessKey: 'any' },
    });
    const RoleArn = `arn:aws:iam::${REPORTING}:role/reports`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'app' }));
    sts.destroy();
    const accessKeyId = Credentials?.AccessKeyId;
    for (const [region, arn] of [
      ['us-east-1', outputs.database_arn],
      ['eu-central-1', outputs.database_arn_in_frankfurt],
    ] as const) {
      const reader = { account: REPORTING, region, accessKeyId };
      expect(await read(reader, arn)).toMatch(/"password":/);
      expect(await read(reader, arn, 'AWSPREVIOUS')).toBe('AccessDeniedException');
      expect(await read({ account: REPORTING, region }, arn)).toBe('AccessDeniedException');
    }
  });

  it('is accepted by check-stack with the keys and the role on its owner’s list, and refused without', () => {
    rmSync(path.join(folder, '.terraform.lock.hcl'));
    const places = checkStack(folder).refusals.map(({ place }) => place);
    expect(places).toContain('cdk.tf.json: provider.aws.assume_role');
    expect(ownListOfTwoAccounts.assume_role).toEqual([`arn:aws:iam::${REPORTING}:role/deploy`]);
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
  });

  it('has an empty plan, and leaves nothing when it is destroyed', async () => {
    expect(await succeed('plan', '-detailed-exitcode')).toContain('No changes.');
    await succeed('destroy', '-auto-approve');
    expect(await succeed('state', 'list')).toBe('');
  });
});
