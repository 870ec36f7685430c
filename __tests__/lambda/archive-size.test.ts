import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../constructs/code/bundle-function.ts';
import { archiveBudgets } from './archive-budgets.ts';

/** A zip's bytes besides the data of its one entry: local header, central directory and its end, the name in two. */
const ZIP_OVERHEAD = 30 + 46 + 22 + 2 * 'index.js'.length;

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-size-'));
afterAll(() => rmSync(folder, { recursive: true }));
const functions = readdirSync('lambda', { withFileTypes: true }).filter((entry) => entry.isFile());
const targets = functions.map(({ name }) => path.basename(name, '.ts'));

describe('The archive of', () => {
  it.each(targets)('lambda/%s.ts keeps within its budget', (target) => {
    const outdir = path.join(folder, target);
    bundleFunction(`lambda/${target}.ts`, outdir);
    const code = readFileSync(path.join(outdir, 'index.js'));
    const { zip, unzipped } = archiveBudgets[target] ?? { zip: 0, unzipped: 0 };
    expect(code.length).toBeLessThanOrEqual(unzipped);
    expect(deflateRawSync(code, { level: 9 }).length + ZIP_OVERHEAD).toBeLessThanOrEqual(zip);
  });
});
