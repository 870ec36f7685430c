import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const cache = path.join(root, 'node_modules/.cache/rotaform');

/** A Terraform whose providers are there: initialised once for all tests, and for the next run of them. */
export interface TerraformCli {
  /** Such as `1.11.4`. */
  readonly version: string;
  /** Of the AWS provider, such as `5.100.0`. */
  readonly providerVersion: string;
  /** Variables of its environment, beside what a test needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** The `.terraform.lock.hcl` that belongs beside each stack. */
  readonly lockFile: string;
}

/** Where the state of a stack under test stands, beside its file; what is initialised holds for this place alone. */
export const STATE_FILE = 'terraform.tfstate';

/** As our stacks ask for it; and what takes its place if only an older one can be had. */
const AWS_PROVIDERS = ['>= 6.50.0, < 7.0.0', '5.100.0'];

let found: TerraformCli | undefined;

/**
 * The providers come as TF_CLI_CONFIG_FILE says, if that file exists; else as the set-up beside this repository does;
 * else from the registry.
 */
export function terraformCli(): TerraformCli {
  found ??= initialised();
  return found;
}

/** Why there is none, or undefined. */
function whyMissing(): string | undefined {
  if (spawnSync('terraform', ['version']).status !== 0) return 'there is no terraform on this machine';
  try {
    terraformCli();
  } catch (error) {
    if (error instanceof NoProvider) return `terraform init finds no AWS provider: ${error.message}`;
    throw error;
  }
}

class NoProvider extends Error {}

function initialised(): TerraformCli {
  const { terraform_version: version } = JSON.parse(run(['version', '-json'], root, {}).stdout);
  const config = process.env.TF_CLI_CONFIG_FILE ?? '';
  const given = existsSync(config) ? config : '';
  const key = createHash('sha256').update(`${version} ${given}`).digest('hex').slice(0, 8);
  const folder = path.join(cache, `terraform-${key}`);
  if (!hasProviders(folder)) initialise(folder, given || offlineConfig());
  const { providerVersion, environment } = readFacts(folder);
  return {
    version,
    providerVersion,
    environment: { ...environment, TF_DATA_DIR: path.join(folder, '.terraform') },
    lockFile: path.join(folder, '.terraform.lock.hcl'),
  };
}

/** Providers are links, and what they lead to may be gone since. */
function hasProviders(folder: string): boolean {
  const providers = path.join(folder, '.terraform/providers/registry.terraform.io/hashicorp');
  return ['aws', 'archive'].every((name) =>
    (existsSync(path.join(providers, name)) ? readdirSync(path.join(providers, name)) : []).some((version) =>
      readdirSync(path.join(providers, name, version)).some((link) =>
        existsSync(path.join(providers, name, version, link)),
      ),
    ),
  );
}

function offlineConfig(): string {
  const setup = path.join(root, '../shared/tools/terraform-offline/setup');
  return existsSync(setup) ? spawnSync(setup, { encoding: 'utf8' }).stdout.trim() : '';
}

function initialise(folder: string, config: string): void {
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  const environment: Record<string, string> = config === '' ? {} : { TF_CLI_CONFIG_FILE: config };
  const refusals: string[] = [];
  for (const awsProvider of AWS_PROVIDERS) {
    writeFileSync(path.join(made, 'main.tf.json'), JSON.stringify({ terraform: requirements(awsProvider) }));
    const { status, stderr } = run(['init', '-input=false', '-no-color'], made, environment);
    if (status === 0) {
      keep(made, folder, environment);
      return;
    }
    refusals.push(stderr);
  }
  rmSync(made, { recursive: true });
  const [, reason = 'it does not say why'] = /Error: (.+)/.exec(refusals.join('\n')) ?? [];
  throw new NoProvider(reason);
}

function keep(made: string, folder: string, environment: Readonly<Record<string, string>>): void {
  const lock = readFileSync(path.join(made, '.terraform.lock.hcl'), 'utf8');
  const [, providerVersion] = /hashicorp\/aws"\s*\{\s*version\s*=\s*"([^"]+)"/.exec(lock) ?? [];
  writeFileSync(path.join(made, 'facts.json'), JSON.stringify({ providerVersion, environment }));
  // Another test file may have been faster, and use its folder by now.
  if (!hasProviders(folder)) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } else {
    rmSync(made, { recursive: true });
  }
}

function readFacts(folder: string): { providerVersion: string; environment: Record<string, string> } {
  return JSON.parse(readFileSync(path.join(folder, 'facts.json'), 'utf8'));
}

function requirements(awsProvider: string) {
  return {
    required_providers: {
      aws: { source: 'hashicorp/aws', version: awsProvider },
      archive: { source: 'hashicorp/archive', version: '>= 2.7.0, < 3.0.0' },
    },
    backend: { local: { path: STATE_FILE } },
  };
}

function run(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): SpawnSyncReturns<string> {
  // A path that leads to no file only makes it warn.
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  return spawnSync('terraform', args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, CHECKPOINT_DISABLE: '1', ...environment },
  });
}

const missing = whyMissing();

/** Whether there is a `terraform` on this machine that has its providers, or can have them. */
export const hasTerraform = missing === undefined;

/** What the title of a suite says if there is none. */
export const missingTerraform = hasTerraform ? '' : ` (skipped: ${missing})`;
