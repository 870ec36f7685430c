import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { variablesAlone } from './refused-inputs.ts';

/** A call of a module with inputs, in HCL, by name. */
export interface ModuleCall {
  /** Such as `postgres_1_no_user`. */
  readonly call: string;
  readonly module: string;
  readonly inputs: ReadonlyMap<string, string>;
  /** The copy of the module that it calls. Calls may share one if each refused input is given. @default one of its own */
  readonly copy?: string;
}

/** A refusal as Terraform prints it. */
export interface Refusal {
  readonly call: string;
  readonly variable: string;
  /** Where the rule stands, such as `modules/postgres/variables.tf:12`. */
  readonly rule: string;
  readonly message: string;
}

/**
 * What the validations of the modules refuse, all in one plan of their variables alone.
 * @param folder an empty one, or that of a call before
 * @throws Error for what is refused by Terraform, and not by a validation
 */
export async function refusalsOf(folder: string, calls: readonly ModuleCall[]): Promise<Refusal[]> {
  const alone = new Map([...new Set(calls.map(({ module }) => module))].map((name) => [name, variablesAlone(name)]));
  const blocks = calls.map(({ call, module, inputs, copy = call }) => {
    mkdirSync(path.join(folder, copy), { recursive: true });
    for (const [file, text] of Object.entries(alone.get(module) ?? {}))
      writeFileSync(path.join(folder, copy, file), text);
    const given = [...inputs].map(([name, value]) => `  ${name} = ${value}\n`);
    return `module "${call}" {\n  source = "./${copy}"\n${given.join('')}}\n`;
  });
  writeFileSync(path.join(folder, 'main.tf'), blocks.join('\n'));
  const run = async (...args: string[]) =>
    (await runTerraform(folder, args, { TF_DATA_DIR: path.join(folder, '.terraform') }).ended).output;
  await run('init', '-input=false');
  return refusalsIn(await run('plan', '-json', '-input=false'), calls);
}

/** A refusal names the call if that gives the input, and else the file of the rule. */
function refusalsIn(output: string, calls: readonly ModuleCall[]): Refusal[] {
  const lines = output.trim().split('\n');
  const all = lines.map((line) => JSON.parse(line)).filter(({ '@level': level }) => level === 'error');
  return all.map(({ diagnostic }) => {
    const [, message = '', copy = '', place = ''] =
      /^([\s\S]*?)\n\nThis was checked by the validation rule at ([\w-]+)\/(\S+?:\d+),/.exec(diagnostic.detail) ?? [];
    const [, named = copy] = /^module "([\w-]+)"$/.exec(diagnostic.snippet?.context) ?? [];
    const { call, module } = calls.find((each) => each.call === named) ?? {};
    if (message === '' || call === undefined)
      throw new Error(`No validation refused this: ${JSON.stringify(diagnostic)}`);
    const rule = `modules/${module}/${place}`;
    return { call, variable: variableOf(rule), rule, message };
  });
}

/** The variable whose rule that is. */
function variableOf(rule: string): string {
  const [file = '', line] = rule.split(':');
  const before = readFileSync(file, 'utf8').split('\n').slice(0, Number(line));
  return /^variable "(\w+)"/.exec(before.findLast((each) => each.startsWith('variable "')) ?? '')?.[1] ?? '';
}
