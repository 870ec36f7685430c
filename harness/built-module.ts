import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { terraformCli } from '../../harness/terraform-cli.ts';

let built: string | undefined;

/**
 * The folder of the module as it is published; where only an older provider can be had, with that one and the newest runtime that
 * it knows.
 */
export function builtModule(): string {
  if (built !== undefined) return built;
  execFileSync('npx', ['--no-install', 'tsx', 'packaging/build-module.ts'], { stdio: 'pipe' });
  const { providerVersion } = terraformCli();
  built = path.resolve('dist/terraform-aws-rotaform');
  if (!providerVersion.startsWith('5.')) return built;
  const copy = mkdtempSync(path.join(tmpdir(), 'rotaform-module-'));
  cpSync('dist/terraform-aws-rotaform', copy, { recursive: true });
  for (const file of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tf')) continue;
    const text = readFileSync(path.join(copy, file), 'utf8');
    writeFileSync(
      path.join(copy, file),
      text.replace('">= 6.50.0, < 7.0.0"', `"${providerVersion}"`).replace('"nodejs24.x"', '"nodejs22.x"'),
    );
  }
  built = copy;
  return built;
}
