import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { terraformCli } from './terraform-cli.ts';

let built: string | undefined;

/**
 * The folder of the module as it is published; where only an older provider can be had, with that one and the newest runtime that
 * it knows.
 */
export function builtModule(): string {
  if (built !== undefined) return built;
  // Other test files build it, too.
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-module-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync('npx', ['--no-install', 'tsx', 'packaging/build-module.ts', folder], { stdio: 'pipe' });
  built = folder;
  const { providerVersion } = terraformCli();
  if (!providerVersion.startsWith('5.')) return built;
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tf')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    writeFileSync(
      path.join(folder, file),
      text.replace('">= 6.50.0, < 7.0.0"', `"${providerVersion}"`).replace('"nodejs24.x"', '"nodejs22.x"'),
    );
  }
  return built;
}
