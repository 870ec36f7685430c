import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TerraformVariable } from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConstructError } from '../../constructs/index.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform, writeOverrides } from '../../harness/terraform-folder.ts';
import { Everything, NUMBER_IN_TEXT } from './references/everything.ts';
import { REFUSED, SHAPES } from './references/refused.ts';
import type { StackJson } from './stack-json.ts';

/** The addresses of all resources and data sources. */
function addresses({ resource, data }: StackJson): string[] {
  return [resource, data].flatMap((blocks) =>
    Object.entries(blocks).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`)),
  );
}

const MARKER = /TfToken|\d\.\d+e\+\d{3}|\[object /;

/** `npx vitest run --project=slow constructs/references --reporter=verbose` prints how many were tried. */
describe('A reference, in every option of every construct', { timeout: 600_000 }, () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-references-'));
  const another = mkdtempSync(path.join(tmpdir(), 'rotaform-references-'));
  let everything: Everything;
  let stack: StackJson;
  const warnings: string[] = [];
  const emitWarning = process.emitWarning;

  beforeAll(() => {
    process.emitWarning = (warning) => warnings.push(String(warning));
    everything = new Everything(outdir);
    stack = everything.synth();
  }, 600_000);
  afterAll(() => {
    process.emitWarning = emitWarning;
    for (const folder of [outdir, another]) rmSync(folder, { recursive: true });
  });

  it('is passed through unchanged', () => {
    const blocks = [stack.resource, stack.data].flatMap((each) =>
      Object.values(each).flatMap((of) => Object.entries(of)),
    );
    const lost = everything.cases
      .filter(({ refusal }) => refusal === undefined)
      .filter(({ id, expression }) => {
        const own = blocks.filter(([name]) => name.startsWith(`${id}_`));
        return !JSON.stringify(own).includes(expression);
      });
    expect(lost.map(({ option, how }) => `${option}: ${how}`)).toEqual([]);
  });

  it('is refused only if synth needs the value, with the reason', async ({ annotate }) => {
    const refused = everything.cases.filter(({ refusal }) => refusal !== undefined);
    const options = new Set(everything.cases.map(({ option }) => option)).size;
    await annotate(`${options} options × references: ${everything.cases.length} tried, ${refused.length} refused`);
    const unexpected = refused.filter(
      ({ option, how, refusal }) =>
        !(refusal instanceof ConstructError) ||
        !(option in REFUSED || SHAPES.includes(option) || how === NUMBER_IN_TEXT),
    );
    expect(unexpected.map(({ option, how, refusal }) => `${option}, ${how}: ${refusal}`)).toEqual([]);
    for (const { option, how, refusal } of refused) {
      expect(refusal?.message, option).toMatch(
        /only Terraform knows|Terraform knows only|only known to Terraform|is a text with a reference in it|has a literal|Expected an EphemeralVariable|credentials are missing or unknown/,
      );
      if (REFUSED[option] !== undefined && how !== NUMBER_IN_TEXT)
        expect(refusal?.message, option).toContain(REFUSED[option]);
    }
  });

  it('is never accepted if the list says that it is refused', () => {
    const accepted = everything.cases.filter(({ option, refusal }) => option in REFUSED && refusal === undefined);
    expect(accepted.map(({ option, how }) => `${option}: ${how}`)).toEqual([]);
  });

  it('appears in no message, no warning and no JSON as a marker of cdktf', () => {
    for (const { option, refusal } of everything.cases) expect(refusal?.message ?? '', option).not.toMatch(MARKER);
    expect(JSON.stringify(stack)).not.toMatch(MARKER);
    expect(warnings.filter((warning) => MARKER.test(warning))).toEqual([]);
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('changes no address if an unrelated variable is declared before it', async ({ annotate }) => {
    const other = new Everything(another, (stack) => {
      const unrelated = new TerraformVariable(stack, 'unrelated', { type: 'any' });
      for (const value of [unrelated.stringValue, unrelated.numberValue, unrelated.listValue])
        expect(value).toBeDefined();
    });
    expect(addresses(other.synth())).toEqual(addresses(stack));
    expect(addresses(stack).length).toBeGreaterThan(500);
    await annotate(`${addresses(stack).length} addresses compared`);
  });

  it.runIf(hasTerraform)(
    `gives what terraform validate accepts${missingTerraform}`,
    async () => {
      const folder = path.join(outdir, 'stacks/references');
      copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
      writeOverrides(folder);
      const { exitCode, output } = await runTerraform(folder, ['validate'], {}).ended;
      expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('Success!') });
    },
    600_000,
  );
});
