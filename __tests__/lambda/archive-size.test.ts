import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleTarget } from '../../constructs/code/bundle-target.ts';
import { helperNames, helpers, targetNames, targets } from '../../rules/targets.ts';

/** A zip's bytes besides the data of its entries: its end; and of each entry two headers, with the name. */
const END_BYTES = 22;
const headerBytes = (name: string) => 30 + 46 + 2 * name.length;

/** Terraform's archive_file packs up to 4 % looser than zlib: `__tests__/terraform/archive-size.test.ts` weighs its own. */
const LOOSER = 1.045;

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-size-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('The archive of', () => {
  it.each([...targetNames, ...helperNames])('lambda/%s.ts stays within its budget', (target) => {
    const outdir = path.join(folder, target);
    bundleTarget(target, outdir);
    const files = readdirSync(outdir).map((name) => ({ name, bytes: readFileSync(path.join(outdir, name)) }));
    expect(files.map(({ name }) => name)).toEqual(['THIRD_PARTY_NOTICES', 'index.js']);
    const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
    const { zip, unzipped } = { ...targets, ...helpers }[target].archiveBudget;
    expect(sum(files.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(unzipped);
    const zipped = files.map(({ name, bytes }) => deflateRawSync(bytes, { level: 9 }).length + headerBytes(name));
    expect((END_BYTES + sum(zipped)) * LOOSER).toBeLessThanOrEqual(zip);
  });
});
