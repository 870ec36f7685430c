import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand, tsx } from '../../run-command.ts';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

describe('npm start -- google', () => {
  mkdirSync(dist, { recursive: true });
  const folder = mkdtempSync(path.join(dist, 'show-google-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const app = 'npx --no-install tsx ../../main.ts';
  writeFileSync(path.join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app }));
  const start = (...args: string[]) =>
    runCommand(process.execPath, [...tsx('commands/rotaform.ts'), 'start', 'google', ...args], folder);

  it('renews a token with a stand-in, lists a calendar with it, and says how to use Google itself', async () => {
    const { exitCode, stdout } = await start();
    expect(stdout).toMatch(/my-app\/google rotated in/);
    expect(stdout).toMatch(/│ …\w{8} │ \w{8} │ – +│ AWSPENDING +│ AWSCURRENT +│/);
    expect(stdout).toMatch(/Review of the access policy\n.*Rotation drill/);
    expect(stdout).toContain('npm start -- google KEY.json CALENDAR');
    expect(stdout).not.toMatch(/ya29\.|BEGIN PRIVATE KEY/);
    expect(readdirSync(folder), 'nothing was written into the project').toEqual(['cdktf.json']);
    expect(exitCode).toBe(0);
  });

  it('says what is wrong with a file that is not a key', async () => {
    const { exitCode, stdout, stderr } = await start('cdktf.json');
    expect(stdout + stderr).toContain(
      'cdktf.json is not the JSON key file of a service account: it has no client_email.',
    );
    expect(exitCode).toBe(1);
  });
});
