import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { targets } from '../rules/targets.ts';
import type { MadeResource } from './deploy-policy.ts';

/** What the package has of one module. */
interface ModuleSource {
  readonly name: string;
  /** All of its `.tf` files. */
  readonly text: string;
  /** Its call in the first example that has one; inner modules have none. */
  readonly usage: string | undefined;
  /** All that it can make, itself or by an inner module. */
  readonly made: readonly MadeResource[];
  /** How the names of most of it begin, in its example. */
  readonly names: string;
}

const EXAMPLES = 'examples/terraform';

const textOf = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.tf'))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');

/** Every module of `modules/`, as its files say. */
export function moduleSources(): readonly ModuleSource[] {
  return readdirSync('modules').map((name) => {
    const text = textOf(path.join('modules', name));
    return { name, text, usage: usageOf(name), made: madeBy(text), names: name === 'alarms' ? 'my-app' : 'rotate-' };
  });
}

/** Of what a module does not always make, the option that it is made for. */
const OPTIONS: Readonly<Record<string, string>> = {
  aws_secretsmanager_secret_policy: 'resource_policy',
  aws_security_group: 'network',
  aws_vpc_security_group_egress_rule: 'network',
  aws_s3_object: 'function.code_signing',
  aws_signer_signing_job: 'function.code_signing',
  aws_sns_topic: 'email',
  aws_sns_topic_policy: 'email',
  aws_sns_topic_subscription: 'email',
};
/** The same of an inner module. */
const MODULE_OPTIONS: Readonly<Record<string, string>> = {
  followers: 'on_rotated',
  refresh: 'refresh_every_minutes',
};

function madeBy(text: string, option?: string): MadeResource[] {
  const types = [...text.matchAll(/^resource "(\w+)"/gm)].map(([, type = '']) => type);
  const inner = [...text.matchAll(/^ {2}source += "\.\.\/([\w-]+)"$/gm)].map(([, name = '']) => name);
  return [
    ...types.map((type) => ({ type, option: option ?? OPTIONS[type] })),
    ...inner.flatMap((name) => madeBy(textOf(path.join('modules', name)), option ?? MODULE_OPTIONS[name])),
  ];
}

function usageOf(name: string): string | undefined {
  // Its own example comes first.
  const examples = readdirSync(EXAMPLES).sort((one, other) => Number(other === name) - Number(one === name));
  const calls = examples.flatMap((example) =>
    [...readFileSync(path.join(EXAMPLES, example, 'main.tf'), 'utf8').matchAll(/^module "\w+" \{$[\s\S]*?^\}$/gm)].map(
      ([call]) => call,
    ),
  );
  const source = `"../../modules/${name}"`;
  return calls
    .find((call) => call.includes(source))
    ?.replaceAll('"../../modules/', '"./terraform-aws-rotaform//modules/');
}

const TITLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(targets).map(([name, { title }]) => [name, title])),
  alarms: 'Nothing: it tells somebody when a rotation fails',
  custom: 'Whatever your own archive rotates',
  'static-secret': 'Nothing: a secret that does not rotate, such as an OAuth client',
};

/** The list of public modules and of examples, as the README of the package has it. */
export function packageList(sources: readonly ModuleSource[]): string {
  const rows = sources
    .filter(({ usage }) => usage !== undefined)
    .map(({ name }) => `| [\`${name}\`](modules/${name}/README.md) | ${TITLES[name]} |`);
  const examples = readdirSync(EXAMPLES).filter((name) => existsSync(path.join(EXAMPLES, name, 'main.tf')));
  return `## Modules

| module | what rotates |
| ------ | ------------ |
${rows.join('\n')}

The module at the top is \`password\`. Examples that deploy without input: ${examples
    .map((name) => `[\`${name}\`](examples/${name}/main.tf)`)
    .join(', ')}.`;
}
