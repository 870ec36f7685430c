// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockOf, blocksOf, readStackJson, type StackJson } from './constructs/stack-json.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folders = [0, 1].map(() => mkdtempSync(path.join(tmpdir(), 'rotaform-main-')));
const [folder = '', another = ''] = folders;
let text: string;
let stack: StackJson;

beforeAll(async () => {
  await Promise.all(
    folders.map((CDKTF_OUTDIR) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', 'main.ts'], {
        cwd: project,
        env: { ...process.env, CDKTF_OUTDIR },
      }),
    ),
  );
  text = readFileSync(path.join(folder, 'stacks/my-app/cdk.tf.json'), 'utf8');
  stack = readStackJson(text);
});

afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

/** Every file below a folder, with its bytes as characters. */
function files(below: string): [file: string, bytes: string][] {
  return readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path.relative(below, file), readFileSync(file, 'latin1')]);
}

const secretArn = expect.stringMatching(/^\$\{aws_secretsmanager_secret\.password_secret_\w+\.arn\}$/);

describe('main.ts, synthesized', () => {
  it('is what was reviewed', () => {
    expect(stack).toMatchSnapshot();
  });

  it('writes a first version that never names AWSCURRENT', () => {
    expect(blockOf(stack, 'aws_secretsmanager_secret_version')).toHaveProperty('version_stages', ['TERRAFORM_INITIAL']);
    expect(text).not.toContain('AWSCURRENT');
  });

  it('never writes the first version again', () => {
    expect(blockOf(stack, 'aws_secretsmanager_secret_version')).toHaveProperty('lifecycle', {
      ignore_changes: ['secret_id', 'secret_string_wo_version', 'version_stages'],
      replace_triggered_by: [expect.stringMatching(/^aws_secretsmanager_secret\.\w+\.name$/)],
    });
    // Of the version, it would take the label from the new one; of the rotation, it would cancel the new one.
    expect(text.match(/create_before_destroy/g)).toHaveLength(1);
    expect(blockOf(stack, 'aws_secretsmanager_secret')).toHaveProperty('lifecycle', { create_before_destroy: true });
  });

  it('keeps the first value out of the state', () => {
    const version = blockOf(stack, 'aws_secretsmanager_secret_version');
    expect(version).toMatchObject({ secret_string_wo: '{"username":"user1"}', secret_string_wo_version: 1 });
    expect(text).not.toMatch(/"secret_(string|binary)"/);
  });

  it('rotates only after the permission, the policy, the log group and the first version exist', () => {
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toHaveProperty('depends_on', [
      expect.stringMatching(/^aws_lambda_permission\.\w+$/),
      expect.stringMatching(/^aws_iam_role_policy\.\w+$/),
      expect.stringMatching(/^aws_cloudwatch_log_group\.\w+$/),
      expect.stringMatching(/^aws_secretsmanager_secret_version\.\w+$/),
    ]);
  });

  it('rotates at once, then every 30 days', () => {
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toMatchObject({
      rotate_immediately: true,
      rotation_rules: { schedule_expression: 'rate(30 days)' },
    });
  });

  it('lets Secrets Manager invoke the function only for this secret and this account', () => {
    expect(blockOf(stack, 'aws_lambda_permission')).toMatchObject({
      action: 'lambda:InvokeFunction',
      principal: 'secretsmanager.amazonaws.com',
      source_arn: secretArn,
      source_account: expect.stringMatching(/^\$\{data\.aws_caller_identity\.\w+\.account_id\}$/),
    });
    expect(blockOf(stack, 'aws_lambda_permission')).not.toHaveProperty('qualifier');
  });

  it('gives the role one secret and one log, and no wildcard', () => {
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions')).toEqual({
      statement: [
        { sid: 'RotateTheSecret', actions: expect.any(Array), resources: [secretArn] },
        {
          sid: 'WriteTheLog',
          actions: expect.any(Array),
          resources: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/)],
        },
      ],
    });
    expect(text).not.toContain('"*"');
    expect(blocksOf(stack, 'aws_iam_role_policy')).toHaveLength(1);
  });

  it('lets the role do only what a rotation does', () => {
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions')).toHaveProperty('statement.0.actions', [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ]);
  });

  it('requires the oldest Terraform and providers that support write-only arguments', () => {
    expect(stack.terraform).toMatchObject({
      required_version: '>= 1.11.0',
      required_providers: {
        aws: { source: 'hashicorp/aws', version: '>= 6.50.0, < 7.0.0' },
        archive: { source: 'hashicorp/archive', version: '>= 2.7.0, < 3.0.0' },
      },
    });
  });

  it('runs the function on Node.js 24 and arm64', () => {
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({ runtime: 'nodejs24.x', architectures: ['arm64'] });
  });

  it('keeps the log for a year, in a group that exists before the first invocation', () => {
    expect(blockOf(stack, 'aws_cloudwatch_log_group')).toMatchObject({ retention_in_days: 365 });
    expect(blockOf(stack, 'aws_lambda_function')).toHaveProperty(
      'logging_config.log_group',
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.name\}$/),
    );
  });

  it("outputs the secret's ARN", () => {
    expect(stack.output).toEqual({ secret_arn: { value: secretArn } });
  });

  it('names no folder of the machine that made it', () => {
    expect(text).not.toContain(path.resolve(project));
    expect(text).not.toContain(folder);
  });

  it('contains the code and its licenses, and nothing else', () => {
    const assets = files(path.join(folder, 'stacks/my-app/assets')).map(([file]) => file.split(path.sep).join('/'));
    const inArchive = /^__rotaform_code-password_asset_\w+\/code\/(.+)$/;
    expect(assets.map((file) => inArchive.exec(file)?.[1]).toSorted()).toEqual(['THIRD_PARTY_NOTICES', 'index.js']);
  });

  it('is the same, byte for byte, when it is synthesized again', () => {
    expect(files(another)).toEqual(files(folder));
  });
});
