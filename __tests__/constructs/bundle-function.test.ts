import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../constructs/code/bundle-function.ts';
import { builtInCode } from '../../constructs/code/function-code.ts';
import { refusal } from './refusal.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('bundleFunction', () => {
  it('makes the same bytes wherever the sources stand and however the entry is named', () => {
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
    expect(readdirSync(path.join(folder, 'a'))).toEqual(['index.js']);
  });
});

describe('builtInCode', () => {
  it('says how a function is built that is not', () => {
    const error = refusal(() => builtInCode('oracle' as never).folder(''));
    expect(error.code).toBe('ENTRY');
    expect(error.message).toMatch(/^The function for oracle is not built\. Run npm run build\.$/);
  });
});
