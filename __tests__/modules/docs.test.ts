import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';

/** The HCL of each page that has some, by the page's name. */
const PAGES = ['README.md', ...readdirSync('docs').map((file) => path.join('docs', file))]
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ name: path.basename(file, '.md').toLowerCase(), hcl: blocksOf(readFileSync(file, 'utf8')) }))
  .filter(({ hcl }) => hcl !== '');

function blocksOf(page: string): string {
  return [...page.matchAll(/^```hcl\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block).join('\n');
}

/** The targets that have a page, and what else is declared. */
const TASKS = [
  'readme',
  'password',
  'postgres',
  'mysql',
  'google',
  'oauth',
  'schedule',
  'fleet',
  'static-secret',
  'adopt',
  'alarms',
  'on-rotated',
];

describe('The pages of tasks', () => {
  it('show both declarations', () => {
    const names = PAGES.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...TASKS, 'regions', 'harden', 'custom-strategy']));
  });
});

describe.skipIf(!hasTerraform)(`The HCL of the documentation${missingTerraform}`, () => {
  it(`is formatted and valid: ${PAGES.map(({ name }) => name).join(', ')}`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-module-docs-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const published = path.join(folder, 'terraform-aws-rotaform');
    cpSync(builtModule(), published, { recursive: true });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    const calls = PAGES.map(({ name, hcl }) => {
      // `import` stands at the root alone, and so do the names of providers.
      const atRoot = hcl.includes('import {') || hcl.includes('provider "aws"');
      const page = atRoot ? folder : path.join(folder, name);
      mkdirSync(page, { recursive: true });
      if (!atRoot) symlinkSync(published, path.join(page, 'terraform-aws-rotaform'));
      // What a page calls an archive of one's own.
      writeFileSync(path.join(folder, 'rotate.zip'), '');
      writeFileSync(path.join(page, `${name}.tf`), hcl);
      return atRoot ? '' : `module "page-${name}" {\n  source = "./${name}"\n}\n`;
    });
    writeFileSync(path.join(folder, 'forms.tf'), FORMS + calls.join(''));
    const run = (...args: string[]) =>
      runTerraform(folder, args, { AWS_REGION: 'us-east-1', TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
    const pages = PAGES.map(({ name }) => (existsSync(path.join(folder, name)) ? `${name}/${name}.tf` : `${name}.tf`));
    for (const args of [['fmt', '-check', '-diff', ...pages], ['init', '-input=false'], ['validate']]) {
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
