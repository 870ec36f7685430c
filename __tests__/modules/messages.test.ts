import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { testRuns, variablesAlone } from './refused-inputs.ts';

const modules = readdirSync('modules').filter((name) => existsSync(path.join('modules', name, 'tests')));

/** A refusal as Terraform prints it. */
interface Refusal {
  /** The call of the module, such as `postgres_1_no_user`. */
  readonly call: string;
  readonly variable: string;
  /** Where the rule stands, such as `modules/postgres/variables.tf:12`. */
  readonly rule: string;
  readonly message: string;
}

/** In one plan, every wrong input that the modules' own tests have: `expect_failures` sees no message. */
describe.skipIf(!hasTerraform)(`The validations of the modules${missingTerraform}`, { timeout: 300_000 }, () => {
  const outer = mkdtempSync(path.join(tmpdir(), 'rotaform-messages-'));
  const folder = path.join(outer, 'root');
  afterAll(() => rmSync(outer, { recursive: true }));
  const calls = modules.flatMap((module) =>
    testRuns(module).map((run, index) => ({ ...run, module, call: `${module}_${index}_${run.name}` })),
  );
  const alone = new Map(modules.map((module) => [module, variablesAlone(module)]));
  let refusals: readonly Refusal[] = [];

  beforeAll(async () => {
    for (const { module, call } of calls) {
      const at = path.join(folder, call);
      mkdirSync(at, { recursive: true });
      for (const [file, text] of Object.entries(alone.get(module) ?? {})) writeFileSync(path.join(at, file), text);
    }
    // What the tests of `custom` name as their archive.
    mkdirSync(path.join(outer, 'function/archives'), { recursive: true });
    writeFileSync(path.join(outer, 'function/archives/password.zip'), '');
    const run = async (...args: string[]) =>
      (await runTerraform(folder, args, { TF_DATA_DIR: path.join(folder, '.terraform') }).ended).output;
    const refusalsOf = async (tried: typeof calls) => {
      const hcl = tried.map(({ call, inputs }) => {
        const given = [...inputs].map(([name, value]) => `  ${name} = ${value}\n`);
        return `module "${call}" {\n  source = "./${call}"\n${given.join('')}}\n`;
      });
      writeFileSync(path.join(folder, 'main.tf'), hcl.join('\n'));
      await run('init', '-input=false');
      return refusalsIn(await run('plan', '-json', '-input=false'), calls);
    };
    // Terraform looks at each variable by itself first, and at what several of them decide only if nothing is refused so far.
    const first = await refusalsOf(calls);
    refusals = [...first, ...(await refusalsOf(calls.filter(({ call }) => !first.some((each) => each.call === call))))];
  }, 300_000);

  it('refuse each wrong input of the tests, and nothing else', () => {
    for (const { call, refused } of calls) {
      const variables = refusals.filter((each) => each.call === call).map(({ variable }) => variable);
      expect([...new Set(variables)].sort(), call).toEqual([...refused].sort());
    }
  });

  it('are each tried', () => {
    const tried = new Set(refusals.map(({ rule }) => rule));
    expect(rules().filter((rule) => !tried.has(rule))).toEqual([]);
  });

  it('say what was found by the name of the input, and what to do, in these words', async () => {
    const said = refusals.map(({ call, message }) => `${call.replace(/_\d+_/, ': ')}\n  ${message}\n`);
    const unclear = refusals.filter(
      ({ variable, message }) =>
        !/^[A-Za-z][^\n]*[.@]$/.test(message) ||
        !/expected|leave|give|choose|say/i.test(message) ||
        !message.toLowerCase().includes(variable.split('_')[0] ?? '') ||
        /\b(local|var)\./.test(message),
    );
    expect(unclear).toEqual([]);
    await expect(said.sort().join('\n')).toMatchFileSnapshot('messages.txt');
  });
});

/** Where the rules stand. What all modules share is tried in one of them. */
function rules(): string[] {
  const seen = new Set<string>();
  return ['password', ...modules].flatMap((module) =>
    readdirSync(path.join('modules', module))
      .filter((file) => file.endsWith('.tf'))
      .flatMap((file) => {
        const text = readFileSync(path.join('modules', module, file), 'utf8');
        if (seen.has(text)) return [];
        seen.add(text);
        const lines = text.split('\n');
        return lines.flatMap((line, index) =>
          line === '  validation {' ? [`modules/${module}/${file}:${index + 1}`] : [],
        );
      }),
  );
}

/** The variable whose rule that is. */
function variableOf(rule: string): string {
  const [file = '', line] = rule.split(':');
  const before = readFileSync(file, 'utf8').split('\n').slice(0, Number(line));
  return /^variable "(\w+)"/.exec(before.findLast((each) => each.startsWith('variable "')) ?? '')?.[1] ?? '';
}

/** Each call has a copy of its module, since a refusal names the file of the rule, and not always the call. */
function refusalsIn(output: string, calls: readonly { readonly call: string; readonly module: string }[]): Refusal[] {
  const lines = output.trim().split('\n');
  const all = lines.map((line) => JSON.parse(line)).filter(({ '@level': level }) => level === 'error');
  return all.map(({ diagnostic: { detail } }) => {
    const [, message = '', call = '', place = ''] =
      /^([\s\S]*?)\n\nThis was checked by the validation rule at ([\w-]+)\/(\S+?:\d+),/.exec(detail) ?? [];
    const module = calls.find((each) => each.call === call)?.module;
    if (module === undefined) throw new Error(`No validation refused this: ${detail}`);
    const rule = `modules/${module}/${place}`;
    return { call, variable: variableOf(rule), rule, message };
  });
}
