import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { RotatedSecret, type RotatedSecretProps, Schedule } from '../../../constructs/index.ts';

/** One statement of a policy in Terraform's JSON. */
export interface TerraformStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

/** A stack with one secret `my-app/db` that rotates as soon as it is deployed. */
export interface SynthesizedStack {
  readonly folder: string;
  /** What the function's role may do. */
  readonly statements: readonly TerraformStatement[];
  /** The stack's JSON, with other statements instead. */
  withStatements(statements: readonly TerraformStatement[]): unknown;
  remove(): void;
}

/** The rest of the secret's options. */
export type DeclaredSecret = Omit<RotatedSecretProps, 'name' | 'schedule'>;

/** Synthesizes the secret into a temporary folder, with nothing but the constructs. */
export function synthesized(declare: (stack: TerraformStack) => DeclaredSecret): SynthesizedStack {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-policy-'));
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'test');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  new ArchiveProvider(stack, 'archive');
  new RotatedSecret(stack, 'db', { name: 'my-app/db', schedule: Schedule.rate({ days: 30 }), ...declare(stack) });
  app.synth();
  const folder = path.join(outdir, 'stacks/test');
  const read = () => {
    const json = JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8'));
    const documents: { statement: TerraformStatement[] }[] = Object.values(json.data.aws_iam_policy_document);
    const permissions = documents.find(({ statement }) => statement.some(({ sid }) => sid === 'RotateTheSecret'));
    if (!permissions) throw new Error('The stack has no policy with the statement RotateTheSecret.');
    return { json, permissions };
  };
  return {
    folder,
    statements: read().permissions.statement,
    withStatements(statements) {
      const { json, permissions } = read();
      permissions.statement = [...statements];
      return json;
    },
    remove: () => rmSync(outdir, { recursive: true }),
  };
}
