import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { STATE_FILE, terraformCli } from './terraform-cli.ts';

interface TerraformRun {
  /** Null if it was killed. */
  readonly exitCode: number | null;
  /** What it printed, on both outputs. */
  readonly output: string;
}

export interface RunningTerraform {
  readonly ended: Promise<TerraformRun>;
  /** Ends Terraform and its providers at once, as a machine that goes off would. */
  kill(): void;
}

/** A folder in which `terraform` runs against an account. */
export class TerraformFolder {
  readonly #environment: Readonly<Record<string, string>>;

  /**
   * @param folder where the configuration stands
   * @param environment what an AWS SDK needs to find the account
   */
  constructor(
    readonly folder: string,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#environment = environment;
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  write(file: string, content: string): void {
    writeFileSync(path.join(this.folder, file), content);
  }

  /** @param variables ephemeral ones, too: they go by the environment */
  run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): RunningTerraform {
    return runTerraform(this.folder, args, { ...this.#environment, ...variables });
  }

  /** Applies; an apply that fails is an error that shows what it printed. */
  async apply(...args: string[]): Promise<string> {
    return this.succeed(['apply', '-auto-approve', ...args]);
  }

  async destroy(...args: string[]): Promise<string> {
    return this.succeed(['destroy', '-auto-approve', ...args]);
  }

  /** What a plan would change, by address, such as `aws_iam_role.rotate: update`; nothing if it is empty. */
  async plan(...args: string[]): Promise<string[]> {
    const lines = (await this.succeed(['plan', '-json', ...args])).trim().split('\n');
    return lines
      .map((line): PlanLine => JSON.parse(line))
      .flatMap(({ type, change }) =>
        type === 'planned_change' && change ? [`${change.resource.addr}: ${change.action}`] : [],
      );
  }

  /** What a command printed. @throws Error with that if it fails */
  async succeed(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { exitCode, output } = await this.run(args, variables).ended;
    if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${exitCode}:\n${output}`);
    return output;
  }
}

/** One synthesized stack, `stacks/test`. */
export class StackFolder extends TerraformFolder {
  readonly #region: string | undefined;

  /** @param environment what an AWS SDK needs to find the account */
  constructor(environment: Readonly<Record<string, string>>, declare: (stack: TerraformStack) => void) {
    super(path.join(mkdtempSync(path.join(tmpdir(), 'rotaform-terraform-')), 'stacks/test'), environment);
    this.#region = environment.AWS_REGION;
    this.declare(declare);
    copyFileSync(terraformCli().lockFile, path.join(this.folder, '.terraform.lock.hcl'));
  }

  /** Synthesizes these declarations in the place of those of before. */
  declare(declare: (stack: TerraformStack) => void): void {
    const app = new App({ outdir: this.#outdir });
    const stack = new TerraformStack(app, 'test');
    new AwsProvider(stack, 'aws', { region: this.#region });
    new ArchiveProvider(stack, 'archive');
    new LocalBackend(stack, { path: STATE_FILE });
    declare(stack);
    app.synth();
    writeOverrides(this.folder);
  }

  /** The stack as it was synthesized. */
  get stackJson(): unknown {
    return JSON.parse(this.read('cdk.tf.json'));
  }

  /** The address of the one resource of a type, or of the one whose name begins so. */
  addressOf(type: string, start = ''): string {
    const { resource }: { resource: Record<string, Record<string, unknown>> } = JSON.parse(this.read('cdk.tf.json'));
    const names = Object.keys(resource[type] ?? {}).filter((name) => name.startsWith(start));
    return `${type}.${names.join(' and ')}`;
  }

  remove(): void {
    rmSync(this.#outdir, { recursive: true });
  }

  get #outdir(): string {
    return path.resolve(this.folder, '../..');
  }
}

/** @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface PlanLine {
  readonly type: string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
}

/**
 * Beside the stack, whose own file stays as it was synthesized: the older provider, if that is what can be had, and the
 * newest runtime that it knows.
 */
export function writeOverrides(folder: string): void {
  const { providerVersion } = terraformCli();
  if (!providerVersion.startsWith('5.')) return;
  const { resource = {} } = JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8'));
  const functions = Object.keys(resource.aws_lambda_function ?? {}).map((name) => [name, { runtime: 'nodejs22.x' }]);
  const overrides = {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: providerVersion } } },
    ...(functions.length > 0 && { resource: { aws_lambda_function: Object.fromEntries(functions) } }),
  };
  writeFileSync(path.join(folder, 'provider_override.tf.json'), JSON.stringify(overrides));
}

/** Runs `terraform` with this environment and nothing else of AWS's, not even a profile of this machine. */
export function runTerraform(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): RunningTerraform {
  const ours = Object.entries(process.env).filter(([name]) => !/^(AWS|TF)_/.test(name));
  const child = spawn('terraform', args, {
    cwd: folder,
    // Its providers are its children: all of them end together.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(ours),
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_CLI_ARGS: '-no-color',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      ...terraformCli().environment,
      ...environment,
    },
  });
  return {
    ended: endOf(child),
    kill() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

async function endOf(child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }) {
  const [exitCode, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, output: stdout + stderr };
}
