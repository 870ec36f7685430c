import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand, tsx } from '../../run-command.ts';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

describe('npm start -- nestjs', () => {
  // Synthesized here, since others synthesize in the project's own folder at the same time.
  mkdirSync(dist, { recursive: true });
  const folder = mkdtempSync(path.join(dist, 'show-nestjs-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const app = 'npx --no-install tsx ../../main.ts';
  writeFileSync(path.join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app }));

  it('rotates the login of a NestJS service while users call it, and none of the calls fails', async () => {
    const { exitCode, stdout } = await runCommand(
      process.execPath,
      [...tsx('commands/rotaform.ts'), 'start', 'nestjs'],
      folder,
    );
    expect(stdout).toMatch(/orders\/database rotated in/);
    expect(stdout).toMatch(/In 3 rotations, 4 users of a NestJS service got [1-9]\d+ answers: 0 failed\./);
    expect(stdout).toMatch(/called Secrets Manager [1-9] times\. The database refused [1-9]\d* logins/);
    expect(stdout).toContain('{"secrets":{"database":"healthy","status":"up"}}');
    expect(stdout).not.toMatch(/"password"|SCRAM/);
    expect(exitCode).toBe(0);
  }, 240_000);
});
