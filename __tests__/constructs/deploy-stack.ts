import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import type { Account } from '../../local/account.ts';
import { type Deployed, deploy } from '../../local/deploy/deploy.ts';

/** Synthesizes a stack with these declarations, and deploys its `cdk.tf.json` to the account. */
export async function deployStack(
  account: Account,
  declare: (stack: TerraformStack) => void,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Deployed> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-deploy-'));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'test');
    new AwsProvider(stack, 'aws', { region: account.region });
    new ArchiveProvider(stack, 'archive');
    declare(stack);
    app.synth();
    const folder = path.join(outdir, 'stacks/test');
    const json: unknown = JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8'));
    return await deploy(json, account, { folder, variables });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
