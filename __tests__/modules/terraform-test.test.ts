import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';

/** What modules have in common: HCL has no other way to share variables. */
const SHARED = [
  ...[
    'rotated-secret.tf',
    'existing-secret.tf',
    'schedule.tf',
    'followers.tf',
    'access.tf',
    'password.tf',
    'terraform.tf',
  ],
];
const modules = readdirSync('modules');
const withTests = modules.filter((name) => existsSync(path.join('modules', name, 'tests')));

describe('The modules', () => {
  it('share what every rotating secret has, byte for byte', () => {
    for (const file of SHARED) {
      const all = modules.map((name) => path.join('modules', name, file)).filter((each) => existsSync(each));
      const texts = new Set(all.map((each) => readFileSync(each, 'utf8')));
      expect([...texts], file).toHaveLength(1);
      expect(all.length, file).toBeGreaterThan(1);
    }
  });
});

describe.skipIf(!hasTerraform)(`terraform test${missingTerraform}`, () => {
  // A refusal takes a second of `terraform test` each. `messages.test.ts` has all of them refused in one plan, by the same
  // variables; here, two small modules show that `terraform test` says the same.
  const WHOLE = ['custom', 'static-secret'];

  it.each(withTests)('passes for %s, which has a refusal for each validation', { timeout: 600_000 }, async (name) => {
    const folder = path.join(builtModule(), 'modules', name);
    if (!WHOLE.includes(name)) {
      const file = path.join(folder, 'tests/validations.tftest.hcl');
      const accepted = readFileSync(file, 'utf8').replaceAll(/^run "\w+" \{$[\s\S]*?^\}$/gm, (run) =>
        /expect_failures = \[var\.\w+\]/.test(run) ? '' : run,
      );
      expect(accepted).toContain('run "accepted"');
      writeFileSync(file, accepted);
    }
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    const run = (...args: string[]) =>
      runTerraform(folder, args, { AWS_REGION: 'us-east-1', TF_DATA_DIR: path.join(folder, '.terraform') }).ended;
    const { exitCode, output } = await run('init', '-input=false');
    expect(exitCode, output).toBe(0);
    const tests = await run('test');
    expect(tests.exitCode, tests.output).toBe(0);

    const validated = variablesWithValidations(path.join('modules', name));
    const tried = readFileSync(path.join('modules', name, 'tests/validations.tftest.hcl'), 'utf8');
    for (const [variable, count] of validated) {
      const refused = tried.match(new RegExp(`expect_failures = \\[var\\.${variable}\\]`, 'g'))?.length ?? 0;
      expect(refused, `refusals of ${variable}, which has ${count} validations`).toBeGreaterThanOrEqual(1);
    }
  });
});

/** The variables of a module's own files: what all modules share is tried in one. */
function variablesWithValidations(folder: string): Map<string, number> {
  const shared = folder.endsWith('password') ? [] : SHARED.filter((file) => file !== 'password.tf');
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf') && !shared.includes(file));
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
  const blocks = [...text.matchAll(/^variable "(\w+)" \{$[\s\S]*?^\}$/gm)];
  const counts = blocks.map(([block, name = '']) => [name, block.match(/^ {2}validation \{/gm)?.length ?? 0] as const);
  return new Map(counts.filter(([, count]) => count > 0));
}
