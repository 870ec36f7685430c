import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform, writeOverrides } from '../../harness/terraform-folder.ts';
import { synthesizeEverything } from './synthesize-everything.ts';

describe.skipIf(!hasTerraform)(`terraform validate${missingTerraform}`, () => {
  it('accepts the stack of each construct with each of its options', async () => {
    const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-validate-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    await synthesizeEverything(outdir);
    const folder = path.join(outdir, 'stacks/everything');
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    writeOverrides(folder);
    const { exitCode, output } = await runTerraform(folder, ['validate'], {}).ended;
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('Success!') });
  }, 120_000);
});
