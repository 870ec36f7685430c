import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { blocksOf, pages } from '../docs/pages.ts';
import { NOT_PLANNED } from './pairs-of-pages.ts';

/** The HCL of each page that has some, by the page's name. */
const PAGES = pages
  .map((page) => ({
    name: path.basename(page, '.md').toLowerCase(),
    hcl: blocksOf(page, 'hcl')
      .map(({ code }) => code)
      .join('\n'),
  }))
  .filter(({ hcl }) => hcl !== '');

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
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-module-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]) =>
    runTerraform(folder, args, { AWS_REGION: 'us-east-1', TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
  const expectSuccess = async (...args: string[]) => {
    const { exitCode, output } = await run(...args);
    expect(exitCode, output).toBe(0);
  };

  it(`is formatted: ${PAGES.map(({ name }) => name).join(', ')}`, async () => {
    for (const { name, hcl } of PAGES) writeFileSync(path.join(folder, `${name}.tf`), hcl);
    await expectSuccess('fmt', '-check', '-diff');
    for (const { name } of PAGES) rmSync(path.join(folder, `${name}.tf`));
  });

  // What can be planned is: pages.test.ts.
  it('is valid with imports and moves at the root, and with what works in any module', async () => {
    const others = PAGES.filter(({ hcl }) => NOT_PLANNED.some(([block]) => block.test(hcl)));
    expect(others.map(({ name }) => name)).toEqual(['terraform-module']);
    for (const { name, hcl } of others) writeFileSync(path.join(folder, `${name}.tf`), hcl);
    writeFileSync(path.join(folder, 'forms.tf'), FORMS);
    // What the page calls an archive of one's own.
    writeFileSync(path.join(folder, 'rotate.zip'), '');
    cpSync(builtModule(), path.join(folder, 'terraform-aws-rotaform'), { recursive: true });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    await expectSuccess('init', '-input=false');
    await expectSuccess('validate');
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
