import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { builtModule } from './built-module.ts';

describe.skipIf(!hasTerraform)(`The page of the module${missingTerraform}`, () => {
  it('shows HCL that is formatted and valid', async () => {
    const page = readFileSync('docs/terraform-module.md', 'utf8');
    const blocks = [...page.matchAll(/^```hcl\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(2);
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-module-docs-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(builtModule(), path.join(folder, 'terraform-aws-rotaform'), { recursive: true });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    writeFileSync(path.join(folder, 'main.tf'), blocks.join('\n'));
    writeFileSync(path.join(folder, 'forms.tf'), FORMS);
    const run = (...args: string[]) =>
      runTerraform(folder, args, { AWS_REGION: 'us-east-1', TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
    for (const args of [['fmt', '-check', '-diff', 'main.tf'], ['init', '-input=false'], ['validate']]) {
      const { exitCode, output } = await run(...args);
      expect(exitCode, output).toBe(0);
    }
  });
});

/** What works in any module. */
const FORMS = `
provider "aws" {
  alias  = "eu"
  region = "eu-central-1"
}

module "each" {
  source     = "./terraform-aws-rotaform//modules/password"
  for_each   = toset(["one", "two"])
  name       = "each/\${each.key}"
  schedule   = { rate_days = 30 }
  depends_on = [module.counted]
  providers  = { aws = aws.eu }
}

module "counted" {
  source   = "./terraform-aws-rotaform"
  count    = 2
  name     = "counted/\${count.index}"
  schedule = { rate_days = 30 }
}
`;
