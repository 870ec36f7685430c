import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { type Refusal, refusalsOf } from './refusals.ts';
import { testRuns } from './refused-inputs.ts';

const modules = readdirSync('modules').filter((name) => existsSync(path.join('modules', name, 'tests')));

/** In one plan, every wrong input that the modules' own tests have: `expect_failures` sees no message. */
describe.skipIf(!hasTerraform)(`The validations of the modules${missingTerraform}`, { timeout: 300_000 }, () => {
  const outer = mkdtempSync(path.join(tmpdir(), 'rotaform-messages-'));
  const folder = path.join(outer, 'root');
  afterAll(() => rmSync(outer, { recursive: true }));
  const calls = modules.flatMap((module) =>
    testRuns(module).map((run, index) => ({ ...run, module, call: `${module}_${index}_${run.name}` })),
  );
  let refusals: readonly Refusal[] = [];

  beforeAll(async () => {
    // What the tests of `custom` name as their archive.
    mkdirSync(path.join(outer, 'function/archives'), { recursive: true });
    writeFileSync(path.join(outer, 'function/archives/password.zip'), '');
    // Terraform looks at each variable by itself first, and at what several of them decide only if nothing is refused so far.
    mkdirSync(folder);
    const first = await refusalsOf(folder, calls);
    const passed = calls.filter(({ call }) => !first.some((each) => each.call === call));
    refusals = [...first, ...(await refusalsOf(folder, passed))];
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
