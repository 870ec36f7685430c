import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { afterAll, describe, expect, it } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform, writeOverrides } from '../../harness/terraform-folder.ts';
import { declareConstruct } from './construct-of.ts';
import { moduleCallOf } from './module-of.ts';
import { overridesFor, type Planned, plannedResources } from './planned-resources.ts';
import { type PropertySet, propertySets } from './property-sets.ts';

const COUNT = 80;

/**
 * What may differ, with the reason. Everything else is compared.
 * - `filename`, `source_code_hash`, and of the object that is signed `source` and `source_hash`: the constructs zip at plan, the module
 *   has its zip. The object's `key`, which the signing job reads, is the address of the construct, or the name of the function.
 * - The hash at the end of a function's name, which the comparison takes away: `planned-resources.ts` says why.
 * - What a policy or permission waits for: in HCL, the one expression for a secret of its own and for a fleet refers to both the
 *   secrets and the function. And the refresh gets the secret from its rotation.
 *   The policy of a shared function names it by its name, and need not wait for it.
 */
const MAY_DIFFER: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_function: ['filename', 'source_code_hash'],
  aws_s3_object: ['key', 'source', 'source_hash'],
  aws_signer_signing_job: ['source'],
};
const POLICIES = ['aws_iam_role_policy', 'aws_iam_role_policy of the refresh', 'aws_lambda_permission'];
const MAY_WAIT_FOR = [
  'aws_s3_object',
  'aws_signer_signing_job',
  'aws_security_group',
  'aws_vpc_security_group_egress_rule',
  'aws_iam_role',
  'aws_secretsmanager_secret',
  'aws_lambda_function',
  'aws_iam_role_policy of the network',
  'aws_iam_role_policy',
  'aws_lambda_permission',
  'aws_secretsmanager_secret_rotation',
  'aws_secretsmanager_secret_version',
];

/** The module writes some of the provider's defaults out. */
const BY_DEFAULT: Readonly<Record<string, unknown>> = { recovery_window_in_days: 30 };

describe.skipIf(!hasTerraform)(`The module${missingTerraform}`, () => {
  const root = mkdtempSync(path.join(tmpdir(), 'rotaform-equality-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const sets = propertySets(COUNT).map((set, index) => [`set${index}`, set] as const);

  it(`plans what the constructs plan, for ${COUNT} sets of properties of all targets`, {
    timeout: 900_000,
  }, async () => {
    const stack = await initialised(constructsFolder(path.join(root, 'constructs'), sets));
    const ours = await planOf(stack, await run(stack, 'graph'));
    // A module's graph is the same in each of its calls, and takes long for many.
    const each = new Map(sets.map(([, set]) => [set.target, set]));
    const graph = await run(await initialised(moduleFolder(path.join(root, 'graph'), [...each])), 'graph');
    const theirs = await planOf(
      await initialised(moduleFolder(path.join(root, 'module'), sets)),
      graphOfSets(graph, sets),
    );
    const differences = sets.flatMap(([id, set]) => {
      const [expected = [], found = []] = [ours, theirs].map((plan) => resourcesOf(plan, id));
      const missing = expected.filter((each) => !found.includes(each)).map((each) => `- ${each}`);
      const other = found.filter((each) => !expected.includes(each)).map((each) => `+ ${each}`);
      const isEqual = expected.length === found.length && missing.length === 0;
      return isEqual ? [] : [`${id}: ${JSON.stringify(set)}`, ...missing, ...other];
    });
    expect(differences).toEqual([]);
    const count = [...new Set(sets.map(([, { target }]) => target))].length;
    console.info(`${COUNT} sets of ${count} targets, ${ours.length} resources: 0 differences`);
  });
});

/** The graph of a call for each set, from that of one call for each module. */
function graphOfSets(graph: string, sets: Sets): string {
  const lines = graph.split('\n');
  const ofTarget = (target: string) => lines.filter((line) => line.includes(`"module.${target}.`));
  return sets
    .flatMap(([id, { target }]) =>
      ofTarget(target).map((line) => line.replaceAll(`"module.${target}.`, `"module.${id}.`)),
    )
    .join('\n');
}

/** Sorted, without what may differ. */
function resourcesOf(plan: readonly Planned[], id: string): string[] {
  const own = plan.filter(({ set }) => set === id);
  const types = new Set(own.map(({ kind }) => kind));
  return own
    .map(({ kind, values, before }) => {
      const compared = Object.entries(values)
        .filter(([name]) => !MAY_DIFFER[kind]?.includes(name))
        .map(([name, value]) => [name, value ?? BY_DEFAULT[name] ?? null]);
      // The module's graph has what a set is made without, too.
      return JSON.stringify({
        kind,
        values: Object.fromEntries(compared),
        before: before.filter((each) => types.has(each) && !(POLICIES.includes(kind) && MAY_WAIT_FOR.includes(each))),
      });
    })
    .sort();
}

type Sets = readonly (readonly [string, PropertySet])[];

function constructsFolder(outdir: string, sets: Sets): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'test');
  new AwsProvider(stack, 'aws', PROVIDER);
  new ArchiveProvider(stack, 'archive');
  for (const [id, set] of sets) declareConstruct(stack, id, set);
  app.synth();
  const folder = path.join(outdir, 'stacks/test');
  writeOverrides(folder);
  return folder;
}

function moduleFolder(folder: string, sets: Sets): string {
  mkdirSync(folder, { recursive: true });
  cpSync(builtModule(), path.join(folder, 'rotaform'), { recursive: true });
  const calls = sets.map(([id, set]) => [id, { source: `./rotaform/modules/${set.target}`, ...moduleCallOf(id, set) }]);
  writeFileSync(
    path.join(folder, 'main.tf.json'),
    literal(
      JSON.stringify({
        provider: {
          aws: {
            region: PROVIDER.region,
            access_key: PROVIDER.accessKey,
            secret_key: PROVIDER.secretKey,
            skip_credentials_validation: true,
            skip_requesting_account_id: true,
          },
        },
        module: Object.fromEntries(calls),
      }),
    ),
  );
  return folder;
}

/** Terraform reads templates in texts. */
const literal = (json: string) => json.replaceAll('${', '$${').replaceAll('%{', '%%{');

/** No account is asked: everything that an account would tell is given. */
const PROVIDER = {
  region: 'us-east-1',
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  skipCredentialsValidation: true,
  skipRequestingAccountId: true,
};

async function initialised(folder: string): Promise<string> {
  copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
  await run(folder, 'init', '-input=false');
  return folder;
}

async function run(folder: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await runTerraform(folder, args, { TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
  const told = output.split('\n').filter((line) => !/"progress":"(running|starting)"|"@level":"warn"/.test(line));
  if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')}:\n${told.join('\n').slice(0, 6_000)}`);
  return output;
}

async function planOf(folder: string, graph: string): Promise<readonly Planned[]> {
  writeFileSync(path.join(folder, 'plan.tftest.hcl'), overridesFor(graph));
  const lines = (await run(folder, 'test', '-json', '-verbose')).trim().split('\n');
  const { test_plan: plan } = lines.map((line) => JSON.parse(line)).find(({ type }) => type === 'test_plan');
  return plannedResources(plan, graph);
}
