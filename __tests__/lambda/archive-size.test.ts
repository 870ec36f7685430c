import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleTarget } from '../../constructs/code/bundle-target.ts';
import { targetNames, targets } from '../../rules/targets.ts';

/** A zip's bytes besides the data of its one entry: local header, central directory and its end, the name in two. */
const ZIP_OVERHEAD = 30 + 46 + 22 + 2 * 'index.js'.length;

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-size-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('The archive of', () => {
  it.each(targetNames)('lambda/%s.ts keeps within its budget', (target) => {
    const outdir = path.join(folder, target);
    bundleTarget(target, outdir);
    const code = readFileSync(path.join(outdir, 'index.js'));
    const { zip, unzipped } = targets[target].archiveBudget;
    expect(code.length).toBeLessThanOrEqual(unzipped);
    expect(deflateRawSync(code, { level: 9 }).length + ZIP_OVERHEAD).toBeLessThanOrEqual(zip);
  });
});
