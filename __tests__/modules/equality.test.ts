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
import { declareAlarms, declareConstruct } from './construct-of.ts';
import { alarmCallsOf, followedKeys, moduleCallOf } from './module-of.ts';
import { overridesFor, type Planned, plannedResources } from './planned-resources.ts';
import { alarmSets, propertySets } from './property-sets.ts';

const COUNT = 80;
const ALARMS = 12;

/**
 * What may differ, with the reason. Everything else is compared.
 * - `filename`, `source_code_hash`, and of the object that is signed `source` and `source_hash`: the constructs zip at plan, the module
 *   has its zip. The object's `key`, which the signing job reads, is the address of the construct, or the name of the function.
 * - The hash at the end of a function's name, which the comparison takes away: `planned-resources.ts` says why.
 * - What a policy or permission waits for: in HCL, the one expression for a secret of its own and for a fleet refers to both the
 *   secrets and the function. And the refresh gets the secret from its rotation.
 *   The policy of a shared function names it by its name, and need not wait for it.
 * - When the first look was, which the archive decides, too.
 * - What alarms, followers and the refresh wait for besides: in HCL, each refers to the whole object that their module is given.
 */
const MAY_DIFFER: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_function: ['filename', 'source_code_hash'],
  aws_lambda_invocation: ['triggers'],
  aws_s3_object: ['key', 'source', 'source_hash'],
  aws_signer_signing_job: ['source'],
};
const MAY_WAIT_LONGER =
  /_cloudwatch_(event|metric)|_sns_|_sqs_|_sfn_|_scheduler_|_invocation$| of the (followers|overdue|refresh|restart|scheduler)$/;
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
    const ours = await planOf(
      constructsFolder(path.join(root, 'constructs'), (stack) => {
        for (const [id, set] of sets) declareConstruct(stack, id, set);
      }),
    );
    const followed = new Map(sets.map(([id, set]) => [id, followedKeys(id, set)]));
    // A module's graph is the same in each of its calls, and takes long for many.
    const each = new Map(sets.map(([, set]) => [set.target, set]));
    const graph = await graphOf(moduleFolder(path.join(root, 'graph'), callsOf([...each])));
    const theirs = await planOf(
      moduleFolder(path.join(root, 'module'), callsOf(sets)),
      followed,
      graphOfSets(graph, sets),
    );
    expect(sets.flatMap(([id, set]) => differences(ours, theirs, id, set))).toEqual([]);
    const count = [...new Set(sets.map(([, { target }]) => target))].length;
    console.info(`${COUNT} sets of ${count} targets, ${ours.length} resources: 0 differences`);
  });

  it(`plans the alarms that the constructs plan, for ${ALARMS} sets of properties`, { timeout: 900_000 }, async () => {
    const alarms = alarmSets(ALARMS).map((set, index) => [`set${index}`, set] as const);
    const ours = await planOf(
      constructsFolder(path.join(root, 'alarms'), (stack) => {
        for (const [id, set] of alarms) declareAlarms(stack, id, set);
      }),
    );
    const calls = Object.assign({}, ...alarms.map(([id, set]) => alarmCallsOf(id, set)));
    const theirs = await planOf(moduleFolder(path.join(root, 'alarm-module'), calls));
    expect(alarms.flatMap(([id, set]) => differences(ours, theirs, id, set))).toEqual([]);
    console.info(`${ALARMS} sets of alarms, ${ours.length} resources: 0 differences`);
  });
});

type Sets = readonly (readonly [id: string, set: ReturnType<typeof propertySets>[number]])[];

const callsOf = (sets: Sets): Readonly<Record<string, object>> =>
  Object.fromEntries(
    sets.map(([id, set]) => {
      const call = { source: `./rotaform/modules/${set.target}`, ...moduleCallOf(id, set) };
      return [id, JSON.parse(literal(JSON.stringify(call)))];
    }),
  );

/** The graph of a call for each set, from that of one call for each module. */
function graphOfSets(graph: string, sets: Sets): string {
  const lines = graph.split('\n');
  return sets
    .flatMap(([id, { target }]) =>
      lines
        .filter((line) => line.includes(`"module.${target}.`))
        .map((line) => line.replaceAll(`"module.${target}.`, `"module.${id}.`)),
    )
    .join('\n');
}

/** What one plan has of a set, and the other has not. */
function differences(ours: readonly Planned[], theirs: readonly Planned[], id: string, set: object): string[] {
  const [expected = [], found = []] = [ours, theirs].map((plan) => resourcesOf(plan, id));
  const [keys, otherKeys] = [expected.map(({ key }) => key), found.map(({ key }) => key)];
  const missing = keys.filter((each) => !otherKeys.includes(each)).map((each) => `- ${each}`);
  const other = otherKeys.filter((each) => !keys.includes(each)).map((each) => `+ ${each}`);
  const isEqual = expected.length === found.length && missing.length === 0;
  const waits = isEqual ? expected.flatMap((each, index) => waitsOtherwise(each, found[index])) : [];
  return isEqual && waits.length === 0 ? [] : [`${id}: ${JSON.stringify(set)}`, ...missing, ...other, ...waits];
}

interface Compared {
  readonly kind: string;
  /** Its kind and its values. */
  readonly key: string;
  readonly before: readonly string[];
}

/** Sorted, without what may differ. */
function resourcesOf(plan: readonly Planned[], id: string): Compared[] {
  const own = plan.filter(({ set }) => set === id);
  const types = new Set(own.map(({ kind }) => kind));
  return own
    .map(({ kind, values, before }) => {
      const compared = Object.entries(values)
        .filter(([name]) => !MAY_DIFFER[kind]?.includes(name))
        .map(([name, value]) => [name, value ?? BY_DEFAULT[name] ?? null]);
      return {
        kind,
        key: JSON.stringify({ kind, values: Object.fromEntries(compared) }),
        // The module's graph has what a set is made without, too.
        before: before.filter((each) => types.has(each) && !(POLICIES.includes(kind) && MAY_WAIT_FOR.includes(each))),
      };
    })
    .sort((one, another) => (one.key < another.key ? -1 : Number(one.key > another.key)));
}

function waitsOtherwise(expected: Compared, found: Compared | undefined): string[] {
  const { kind, before } = expected;
  const waits = found?.before ?? [];
  const missing = before.filter((each) => !waits.includes(each));
  const more = MAY_WAIT_LONGER.test(kind) ? [] : waits.filter((each) => !before.includes(each));
  return [
    ...missing.map((each) => `${kind} does not wait for ${each}`),
    ...more.map((each) => `${kind} waits for ${each}`),
  ];
}

function constructsFolder(outdir: string, declare: (stack: TerraformStack) => void): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'test');
  new AwsProvider(stack, 'aws', PROVIDER);
  new ArchiveProvider(stack, 'archive');
  declare(stack);
  app.synth();
  const folder = path.join(outdir, 'stacks/test');
  writeOverrides(folder);
  return folder;
}

function moduleFolder(folder: string, calls: Readonly<Record<string, object>>): string {
  mkdirSync(folder, { recursive: true });
  cpSync(builtModule(), path.join(folder, 'rotaform'), { recursive: true });
  const provider = {
    aws: {
      region: PROVIDER.region,
      access_key: PROVIDER.accessKey,
      secret_key: PROVIDER.secretKey,
      skip_credentials_validation: true,
      skip_requesting_account_id: true,
    },
  };
  writeFileSync(path.join(folder, 'main.tf.json'), JSON.stringify({ provider, module: calls }));
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

async function run(folder: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await runTerraform(folder, args, { TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
  const told = output.split('\n').filter((line) => !/"progress":"(running|starting)"|"@level":"warn"/.test(line));
  if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')}:\n${told.join('\n').slice(0, 6_000)}`);
  return output;
}

async function initialized(folder: string): Promise<void> {
  copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
  await run(folder, 'init', '-input=false');
}

async function graphOf(folder: string): Promise<string> {
  await initialized(folder);
  return run(folder, 'graph');
}

/** @param knownGraph default: Terraform is asked for it */
async function planOf(
  folder: string,
  followed: ReadonlyMap<string, readonly string[]> = new Map(),
  knownGraph?: string,
): Promise<readonly Planned[]> {
  await initialized(folder);
  const graph = knownGraph ?? (await run(folder, 'graph'));
  writeFileSync(path.join(folder, 'plan.tftest.hcl'), overridesFor(graph, followed));
  const lines = (await run(folder, 'test', '-json', '-verbose')).trim().split('\n');
  const { test_plan: plan } = lines.map((line) => JSON.parse(line)).find(({ type }) => type === 'test_plan');
  return plannedResources(plan, graph);
}
