import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy } from '../../local/deploy/deploy.ts';
import { createRole } from '../../local/iam/roles.ts';
import { createKey } from '../../local/kms/keys.ts';
import type { RunningFunction } from '../../local/lambda/running-function.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { createSecret } from '../../local/secrets-manager/create-secret.ts';
import { deployable, NOT_DEPLOYED } from './references/deployable.ts';
import { sites } from './references/sites.ts';

const OTHER_REGION = 'eu-west-1';
const TRUST = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Whether a rotation succeeds is another question. */
class IdleFunction implements RunningFunction {
  isStopped = false;
  readonly isIdle = true;
  async invoke() {
    return { payload: null };
  }
  async retire() {}
  async stop() {
    this.isStopped = true;
  }
}

describe('The local deploy', () => {
  let aws: LocalAws;
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-every-option-'));
  const emitWarning = process.emitWarning;

  beforeAll(async () => {
    process.emitWarning = () => {};
    aws = await localAws({ startFunction: () => new IdleFunction() });
    createRole({ RoleName: 'web', AssumeRolePolicyDocument: TRUST }, aws.account);
  });
  afterAll(async () => {
    process.emitWarning = emitWarning;
    await aws.close();
    rmSync(outdir, { recursive: true });
  });

  const places = Object.entries(sites).filter(([site]) => !site.startsWith('Schedule'));

  it.each(places)('knows every option of %s', async (site, { declare, options }) => {
    const app = new App({ outdir: path.join(outdir, site.replaceAll(/\W+/g, '-')) });
    const stack = new TerraformStack(app, 'everything');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(stack, 'archive');
    const provider = new AwsProvider(stack, 'other', { alias: 'other', region: OTHER_REGION });
    const { account } = aws;
    const other = account.at({ region: OTHER_REGION });
    const RoleName = `role-${site.replaceAll(/\W+/g, '-')}`.slice(0, 60);
    const sets =
      deployable({
        ...{ stack, provider },
        kmsKeyArn: createKey({}, account).KeyMetadata.Arn,
        otherKeyArn: createKey({}, other).KeyMetadata.Arn,
        roleArn: createRole({ RoleName, AssumeRolePolicyDocument: TRUST }, account).Arn,
        existingArns: [1, 2, 3].map((n) => {
          const Name = `existing/${RoleName}-${n}`;
          return createSecret({ Name, SecretString: '{}', ClientRequestToken: '0'.repeat(31) + n }, account).ARN;
        }),
      })[site] ?? [];
    const given = new Set(sets.flatMap((each) => Object.keys(each)));
    const missing = Object.keys(options).filter((option) => !given.has(option) && !NOT_DEPLOYED[`${site}.${option}`]);
    expect(missing).toEqual([]);
    for (const [index, option] of sets.entries()) {
      declare(new Construct(stack, `set${index}`), `${RoleName}/${index}`, option);
    }
    app.synth();
    const folder = path.join(app.outdir, 'stacks/everything');
    const json: unknown = JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8'));
    await deploy(json, account, { folder, variables: { text: 'a text', first: 'the first' } });
  });
});
