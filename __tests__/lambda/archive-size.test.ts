import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../constructs/bundle-function.ts';
import { requireVersions } from '../../constructs/require-versions.ts';
import { hasTerraform, missingTerraform } from '../terraform/terraform-cli.ts';
import { TerraformFolder } from '../terraform/terraform-folder.ts';

/** The most bytes of each function, as a zip and unzipped. */
const BUDGETS: Readonly<Record<string, { readonly zip: number; readonly unzipped: number }>> = {
  'google-access-token': { zip: 60_000, unzipped: 165_000 },
  'oauth-token': { zip: 62_000, unzipped: 175_000 },
  password: { zip: 55_000, unzipped: 155_000 },
  postgres: { zip: 80_000, unzipped: 235_000 },
};

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
    const { zip, unzipped } = BUDGETS[target] ?? { zip: 0, unzipped: 0 };
    expect(code.length).toBeLessThanOrEqual(unzipped);
    expect(deflateRawSync(code, { level: 9 }).length + ZIP_OVERHEAD).toBeLessThanOrEqual(zip);
  });
});

describe.skipIf(!hasTerraform)(`The archive that Terraform makes${missingTerraform}`, () => {
  it('keeps within the budget of each function, though it packs less tightly than zlib', async () => {
    const outputPath = (target: string) => path.join(folder, `${target}.zip`);
    const terraform = new TerraformFolder({ AWS_REGION: 'us-east-1' }, (stack) => {
      requireVersions(stack);
      for (const target of targets) {
        const sourceDir = path.resolve('dist/lambda', target);
        new DataArchiveFile(stack, target, {
          type: 'zip',
          sourceDir,
          outputPath: outputPath(target),
          outputFileMode: '0644',
        });
      }
    });
    await terraform.apply();
    terraform.remove();
    for (const target of targets) {
      expect(statSync(outputPath(target)).size, target).toBeLessThanOrEqual(BUDGETS[target]?.zip ?? 0);
    }
  });
});
