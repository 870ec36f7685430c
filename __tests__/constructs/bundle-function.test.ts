import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../constructs/code/bundle-function.ts';
import { builtInCode, customCode } from '../../constructs/code/function-code.ts';
import { refusal } from './refusal.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('bundleFunction', () => {
  it('makes the same bytes wherever the sources are and however the entry is named', () => {
    const [here, there] = [path.join(folder, 'here'), path.join(folder, 'there', 'deeper')];
    mkdirSync(here);
    writeFileSync(path.join(here, 'text.ts'), 'export const text: string = "reversed";');
    writeFileSync(
      path.join(here, 'reverse.ts'),
      "import { text } from './text.ts';\nexport const handler = async () => text;",
    );
    cpSync(here, there, { recursive: true });

    bundleFunction(path.join(here, 'reverse.ts'), path.join(folder, 'a'));
    bundleFunction(path.relative(process.cwd(), path.join(there, 'reverse.ts')), path.join(folder, 'b'));
    const [a, b] = ['a', 'b'].map((out) => readFileSync(path.join(folder, out, 'index.js'), 'utf8'));
    expect(a).toContain('reversed');
    expect(b).toBe(a);
    expect(readdirSync(path.join(folder, 'a'))).toEqual(['THIRD_PARTY_NOTICES', 'index.js']);
  });

  it('leaves out more for a function that calls no other AWS service, if asked to', () => {
    const sizes = [false, true].map((trim) => {
      bundleFunction('examples/custom-strategy/api-key.ts', path.join(folder, `trim-${trim}`), { trim });
      return statSync(path.join(folder, `trim-${trim}`, 'index.js')).size;
    });
    const [whole = 0, trimmed = 0] = sizes;
    expect(trimmed).toBeLessThan(whole - 15_000);
  });

  it('gives the code of a trimmed strategy a different name from the whole one', () => {
    const entry = 'examples/custom-strategy/api-key.ts';
    expect(customCode(entry, { trim: true }).name).not.toBe(customCode(entry).name);
  });
});

describe('builtInCode', () => {
  it('says how to build a function that is not built yet', () => {
    const error = refusal(() => builtInCode('oracle' as never).folder(''));
    expect(error.code).toBe('ENTRY');
    expect(error.message).toMatch(/^The function for oracle is not built\. Run npm run build\.$/);
  });
});
