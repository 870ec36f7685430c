import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { type Known, nodesOf, overridesFor, type Plan, type Planned, plannedResources } from './planned-resources.ts';

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

/** What one plan has of a set, and the other has not. */
export function differences(ours: readonly Planned[], theirs: readonly Planned[], id: string, set: object): string[] {
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
export function resourcesOf(plan: readonly Planned[], id: string): Compared[] {
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

/** No account is asked: everything that an account would tell is given. */
export const PROVIDER = {
  region: 'us-east-1',
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  skipCredentialsValidation: true,
  skipRequestingAccountId: true,
};

/** The same in Terraform's words. */
export const ACCOUNT = {
  region: PROVIDER.region,
  access_key: PROVIDER.accessKey,
  secret_key: PROVIDER.secretKey,
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
};

async function run(folder: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await runTerraform(folder, args, { TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
  const told = output.split('\n').filter((line) => !/"progress":"(running|starting)"|"@level":"warn"/.test(line));
  if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')}:\n${told.join('\n').slice(0, 6_000)}`);
  return output;
}

export async function initialized(folder: string): Promise<void> {
  copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
  await run(folder, 'init', '-input=false');
}

export async function graphOf(folder: string): Promise<string> {
  await initialized(folder);
  return run(folder, 'graph');
}

/** @param knownGraph default: Terraform is asked for it */
export async function planOf(folder: string, known: Known = {}, knownGraph?: string): Promise<readonly Planned[]> {
  await initialized(folder);
  const graph = knownGraph ?? (await run(folder, 'graph'));
  return plannedResources(await planIn(folder, nodesOf(graph), known), graph);
}

/** The plan of a folder that is initialized, as Terraform tells it. */
export async function planIn(folder: string, nodes: readonly string[], known: Known): Promise<Plan> {
  writeFileSync(path.join(folder, 'plan.tftest.hcl'), overridesFor(nodes, known));
  const lines = (await run(folder, 'test', '-json', '-verbose')).trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find(({ type }) => type === 'test_plan').test_plan;
}
