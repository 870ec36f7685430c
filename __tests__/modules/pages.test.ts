import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Schedule } from '../../constructs/index.ts';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { writeOverrides } from '../../harness/terraform-folder.ts';
import { declarationOf } from '../docs/declarations.ts';
import { codesIn, tableOf } from '../docs/pages.ts';
import { addressesIn } from './addresses-in.ts';
import { ACCOUNT, initialized, PROVIDER, planIn, resourcesOf } from './compared-plans.ts';
import { pairs, whole } from './pairs-of-pages.ts';
import { type Plan, type Planned, plannedResources } from './planned-resources.ts';

/** What a page has otherwise in HCL than in TypeScript, and says so: the module, and all differences. */
const OTHERWISE: readonly (readonly [page: string, module: string, why: string, differences: RegExp])[] = [
  [
    'docs/custom-strategy.md',
    'api_key',
    'the module cannot know whose code an archive is',
    /^aws_(iam_role|lambda_function)\.description: .* ≠ "Rotates secrets in Secrets Manager \(declared with Rotaform, code from elsewhere\)"$/,
  ],
  ['docs/fleet.md', 'tenants', 'HCL has no spread', /^aws_secretsmanager_secret_rotation\.rotation_rules: /],
  [
    'docs/harden.md',
    'private',
    'the endpoint is declared elsewhere',
    /^aws_(security_group|vpc_endpoint) only in TypeScript|referenced_security_group_id: "sg-set\d+" ≠ "sg-0123456789abcdef0"$/,
  ],
  ['docs/regions.md', 'api', 'a group of constructs is declared, too', /^aws_\w+ only in TypeScript$/],
  [
    'docs/regions.md',
    'db',
    'the policy of the reader is known at apply',
    /^aws_iam_role_policy\.policy: .*"ReadTheSecret"/,
  ],
];

const schedules = tableOf('docs/schedule.md', /^you want$/, 1).map(
  ([wanted = '', cell = '']) => [wanted, codesIn(cell)[0] ?? ''] as const,
);

describe.skipIf(!hasTerraform)(`A plan of what pages declare${missingTerraform}`, { timeout: 600_000 }, () => {
  const root = mkdtempSync(path.join(tmpdir(), 'rotaform-plans-of-pages-'));
  mkdirSync('dist', { recursive: true });
  const lines = mkdtempSync(path.resolve('dist/docs-plans-'));
  let plan: Plan;

  beforeAll(async () => {
    cpSync(builtModule(), path.join(root, 'terraform-aws-rotaform'), { recursive: true });
    const calls: Record<string, { readonly source: string }> = {};
    for (const [index, { hcl, twin }] of pairs.entries()) {
      calls[`set${index}`] = hclCall(`set${index}`, whole(hcl));
      if (twin !== undefined) calls[`set${index}-ts`] = await synthesizedCall(`set${index}-ts`, twin.code);
    }
    calls.schedules = hclCall('schedules', schedules.map(([, hcl], index) => scheduled(`s${index}`, hcl)).join('\n'));
    writeFileSync(path.join(root, 'main.tf.json'), JSON.stringify({ provider: { aws: ACCOUNT }, module: calls }));
    await initialized(root);
    const nodes = Object.entries(calls).flatMap(([name, { source }]) =>
      addressesIn(path.join(root, source), `module.${name}.`),
    );
    plan = await planIn(root, nodes, {
      followed: new Map(pairs.map((_, index) => [`set${index}`, ['secret']])),
      existing: {
        id: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf',
        rotation_lambda_arn: 'arn:aws:lambda:us-east-1:111122223333:function:rotate-billing-by-hand',
      },
    });
  }, 600_000);

  afterAll(() => {
    for (const folder of [root, lines]) rmSync(folder, { recursive: true });
  });

  /** A folder with a block, called as a module that gets all of its variables. */
  function hclCall(name: string, code: string) {
    const folder = path.join(root, name);
    mkdirSync(folder);
    symlinkSync('../terraform-aws-rotaform', path.join(folder, 'terraform-aws-rotaform'));
    // What a page calls an archive of one's own.
    writeFileSync(path.join(root, 'rotate.zip'), '');
    writeFileSync(path.join(folder, 'main.tf'), code);
    connect(folder, code);
    const variables = [...code.matchAll(/^variable "(\w+)"/gm)].map(([, variable = '']) => [variable, 'of-today']);
    return { source: `./${name}`, ...Object.fromEntries(variables) };
  }

  /** A stack with a declaration, called as a module. */
  async function synthesizedCall(name: string, code: string) {
    const app = new App({ outdir: path.join(root, name) });
    const stack = new TerraformStack(app, 'my-app');
    new AwsProvider(stack, 'aws', PROVIDER);
    new ArchiveProvider(stack, 'archive');
    (await declarationOf(code, lines, name))(stack);
    app.synth();
    const folder = path.join(root, name, 'stacks/my-app');
    writeOverrides(folder);
    const file = path.join(folder, 'cdk.tf.json');
    const { provider, ...json } = JSON.parse(readFileSync(file, 'utf8'));
    // Providers of its own would be programs of their own: it gets those of the root.
    const others = provider.aws.filter(({ alias }: { readonly alias?: string }) => alias !== undefined);
    writeFileSync(file, JSON.stringify({ ...json, provider: { aws: others } }));
    connect(folder, JSON.stringify(others));
    const variables = Object.keys(json.variable ?? {}).map((variable) => [variable, 'of-today']);
    return { source: `./${name}/stacks/my-app`, ...Object.fromEntries(variables) };
  }

  const planned = (name: string) =>
    plannedResources({
      resource_changes: plan.resource_changes.filter(({ address }) => address.startsWith(`module.${name}.`)),
    });

  it.each(pairs.map((pair, index) => [pair.name, index, pair] as const))(
    'has %s',
    (_name, index, { hcl, twin, name }) => {
      const theirs = planned(`set${index}`);
      expect(theirs).not.toEqual([]);
      if (twin === undefined) return;
      const [, , , allowed] = OTHERWISE.find(([page, module]) => name === `${page}: ${module}`) ?? [];
      const found = differences(planned(`set${index}-ts`), theirs, `set${index}`);
      expect(
        found.filter((each) => !allowed?.test(each)),
        `${hcl.page}:${hcl.line} and :${twin.line}`,
      ).toEqual([]);
      expect(allowed === undefined || found.length > 0).toBe(true);
    },
  );

  it('has each schedule of docs/schedule.md, as in TypeScript', () => {
    const ours = new Map(
      tableOf('docs/schedule.md', /^you want$/).map(([wanted = '', cell = '']) => [wanted, codesIn(cell)[0] ?? '']),
    );
    for (const [index, [wanted]] of schedules.entries()) {
      const { change } =
        plan.resource_changes.find(({ address }) =>
          address.startsWith(`module.schedules.module.s${index}.aws_secretsmanager_secret_rotation.`),
        ) ?? expect.unreachable(wanted);
      const [{ schedule_expression: expression, duration }] = change.after.rotation_rules as [
        { readonly schedule_expression: string; readonly duration: string | null },
      ];
      const code = ours.get(wanted);
      if (code !== undefined) {
        const { ScheduleExpression, Duration = null } = new Function('Schedule', `return ${code}`)(Schedule).rules;
        expect([wanted, expression, duration]).toEqual([wanted, ScheduleExpression, Duration]);
        continue;
      }
      const [window] = Schedule.cron(expression, { windowHours: Number.parseInt(duration ?? '24', 10) }).next(1);
      expect(window?.opens.toISOString().slice(11, 16)).toBe(/at (\d\d:\d\d)$/.exec(wanted)?.[1]);
      if (wanted.startsWith('Sundays')) expect(window?.opens.getUTCDay()).toBe(0);
    }
  });

  it('begins with the same first value, which no plan shows', () => {
    for (const { name, hcl, twin } of pairs)
      if (twin !== undefined) expect([name, firstValues(twin.code)]).toEqual([name, firstValues(hcl.code)]);
  });

  it('differs only where a page says so', () => {
    const names = pairs.map(({ name }) => name);
    expect(OTHERWISE.filter(([page, module]) => !names.includes(`${page}: ${module}`))).toEqual([]);
  });
});

/** The fields of each `initial`, with those values that are literals. */
const firstValues = (code: string): string[][] =>
  [...code.matchAll(/\binitial(?::| +=) \{([^}]*)\}/g)].map(([, body = '']) =>
    [...body.matchAll(/(\w+)(?::| +=) ('[^']*'|"[^"]*"|[\w.]+)/g)].map(([, field, value = '']) =>
      /^['"\d]/.test(value) ? `${field} = ${value.replaceAll("'", '"')}` : `${field} = …`,
    ),
  );

/** Gives the provider of another region what that of the root has. */
function connect(folder: string, code: string): void {
  const [, alias] = /"?alias"?\s*[=:]\s*"(\w+)"/.exec(code) ?? [];
  const { region: _, ...account } = ACCOUNT;
  const override = { provider: { aws: [{ alias, ...account }] } };
  if (alias !== undefined) writeFileSync(path.join(folder, 'account_override.tf.json'), JSON.stringify(override));
}

const scheduled = (name: string, schedule: string) => `module "${name}" {
  source   = "./terraform-aws-rotaform//modules/password"
  name     = "schedules/${name}"
  schedule = ${schedule}
}`;

interface Resource {
  readonly kind: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What two plans of a set have otherwise: `kind.argument: in TypeScript ≠ in HCL`. */
function differences(ours: readonly Planned[], theirs: readonly Planned[], id: string): string[] {
  const [expected = [], found = []] = [ours, theirs].map((each) =>
    resourcesOf(each, id).map(({ key }) => asPlanned(key, id)),
  );
  const rest = [...found];
  const others = expected.filter((resource) => {
    const index = rest.findIndex((each) => JSON.stringify(each) === JSON.stringify(resource));
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
  const between = others.flatMap(({ kind, values }) => {
    const index = rest.findIndex((each) => each.kind === kind);
    const [twin] = index < 0 ? [] : rest.splice(index, 1);
    if (twin === undefined) return [`${kind} only in TypeScript`];
    return Object.keys({ ...values, ...twin.values })
      .map((name) => [name, JSON.stringify(values[name]), JSON.stringify(twin.values[name])])
      .filter(([, one, another]) => one !== another)
      .map(([name, one, another]) => `${kind}.${name}: ${one} ≠ ${another}`);
  });
  return [...between, ...rest.map(({ kind }) => `${kind} only in HCL`)];
}

/** In HCL, whoever reads a secret writes the policy of its role, with a name of theirs. */
function asPlanned(key: string, id: string): Resource {
  // A policy may name a function by what it is called.
  const { kind, values } = JSON.parse(key.replaceAll(/:function:[\w-]+/g, ':function:NAME')) as Resource;
  if (kind !== 'aws_iam_role_policy' || String(values.role).includes(id)) return { kind, values };
  const { name: _, name_prefix: __, ...others } = values;
  return { kind, values: others };
}
