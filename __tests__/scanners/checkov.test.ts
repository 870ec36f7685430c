import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { RotatedSecret, Rotation, Schedule, SecretsManagerEndpoint } from '../../constructs/index.ts';
import { cachedTool } from '../cached-tool.ts';
import { readStackJson, type StackJson } from '../constructs/stack-json.ts';
import { synthesize } from '../constructs/synthesize.ts';
import { synthesizeEverything } from '../constructs/synthesize-everything.ts';
import { runCommand } from '../run-command.ts';

const checkov = cachedTool('checkov/bin/checkov');
const missing =
  checkov === undefined ? ' (skipped: checkov is not installed; .ci/run installs it where pip has it)' : '';
const project = fileURLToPath(new URL('../../', import.meta.url));
const config = path.join(project, '.checkov.yaml');
const skipped = [...readFileSync(config, 'utf8').matchAll(/^ {2}- (CKV\w+)$/gm)].map(([, check = '']) => check).sort();

interface Findings {
  readonly passed: string[];
  readonly failed: string[];
}

/** What Checkov finds in a stack, with the project's skips or without any. */
async function scan({ terraform, ...blocks }: StackJson, options: readonly string[]): Promise<Findings> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-checkov-'));
  try {
    // https://github.com/bridgecrewio/checkov/issues/7454: it cannot read a stack that names Terraform's version.
    const { required_version: _, ...readable } = terraform;
    writeFileSync(path.join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: readable, ...blocks }));
    const { stdout, stderr } = await runCommand(checkov ?? '', ['-d', folder, '-o', 'json', ...options], folder);
    expect(stderr).toBe('');
    const { results, summary } = JSON.parse(stdout);
    expect(summary).toMatchObject({ parsing_errors: 0 });
    const checks = (found: { check_id: string }[]) => [...new Set(found.map(({ check_id }) => check_id))].sort();
    return { passed: checks(results.passed_checks), failed: checks(results.failed_checks) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const OURS = ['--config-file', config];
const NO_SKIPS = ['--framework', 'terraform_json', '--skip-download'];

describe.skipIf(checkov === undefined)(`Checkov${missing}`, { timeout: 300_000 }, () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-scanned-'));
  afterAll(() => rmSync(outdir, { recursive: true }));
  const synthesized = (name: string) =>
    readStackJson(readFileSync(path.join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));

  it('passes main.ts', async () => {
    const env = { ...process.env, CDKTF_OUTDIR: outdir };
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'main.ts'], { cwd: project, env });
    const { passed, failed } = await scan(synthesized('my-app'), OURS);
    expect(failed).toEqual([]);
    expect(passed).toEqual(
      expect.arrayContaining([
        ...['CKV2_AWS_57', 'CKV_AWS_304', 'CKV_AWS_45', 'CKV_AWS_66', 'CKV_AWS_338', 'CKV_AWS_363', 'CKV_AWS_364'],
        ...['CKV_AWS_108', 'CKV_AWS_109', 'CKV_AWS_110', 'CKV_AWS_111', 'CKV_AWS_356'],
      ]),
    );
  });

  it('skips only what some construct would fail', async () => {
    await synthesizeEverything(outdir);
    const { failed } = await scan(synthesized('everything'), NO_SKIPS);
    // A StaticSecret does not rotate: whoever has one decides whether to skip that for all.
    expect(failed).toEqual([...skipped, 'CKV2_AWS_57'].sort());
  });

  it('passes with the options that exist for its checks', async () => {
    const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const stack = synthesize((stack) => {
      const secretsManagerEndpoint = new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds });
      new RotatedSecret(stack, 'db', {
        name: 'app/db',
        kmsKeyArn,
        rotation: Rotation.password(),
        schedule: Schedule.rate({ hours: 4 }),
        refreshEveryMinutes: 30,
        refreshKmsKeyArn: kmsKeyArn,
        functionOptions: {
          logKmsKeyArn: kmsKeyArn,
          environmentKmsKeyArn: kmsKeyArn,
          tracing: true,
          reservedConcurrentExecutions: 1,
          network: { subnetIds, targetPorts: [5432], secretsManagerEndpoint },
          codeSigning: {
            configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0',
            profileName: 'team',
            bucketName: 'team-code',
          },
        },
      }).grantRead('web');
    });
    const { passed, failed } = await scan(stack, NO_SKIPS);
    const keys = ['CKV_AWS_149', 'CKV_AWS_158', 'CKV_AWS_173', 'CKV_AWS_297'];
    const answered = ['CKV_AWS_115', 'CKV_AWS_117', 'CKV_AWS_272', ...keys];
    expect(passed).toEqual(expect.arrayContaining(answered));
    expect(skipped.filter((check) => !failed.includes(check))).toEqual(expect.arrayContaining(answered));
    expect(skipped).toEqual(expect.arrayContaining(failed));
  });
});
