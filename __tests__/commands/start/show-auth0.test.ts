import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, tsx } from '../../run-command.ts';

describe('npm start -- auth0', { timeout: 120_000 }, () => {
  let folder: string;

  beforeEach(() => {
    const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));
    mkdirSync(dist, { recursive: true });
    folder = mkdtempSync(path.join(dist, 'show-auth0-'));
    const app = 'npx --no-install tsx ../../main.ts';
    writeFileSync(path.join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const show = () => runCommand(process.execPath, [...tsx('commands/rotaform.ts'), 'start', 'auth0'], folder);

  it('rotates a token and its key while one service calls another, and no call fails', async () => {
    const { exitCode, stdout } = await show();
    expect(stdout).toMatch(/shop\/orders-token rotated in [\d.]+ s, with 7 calls to Secrets Manager/);
    expect(stdout).toMatch(/[1-9]\d* calls from one service to another in 3 rotations .* 3 of the key .*: 0 failed\./);
    expect(stdout).toMatch(/AUTH0_DOMAIN=… .* npm start -- auth0/);
    expect(stdout).not.toMatch(/eyJ/);
    expect(readdirSync(folder), 'nothing was written into the project').toEqual(['cdktf.json']);
    expect(exitCode).toBe(0);
  });

  it("says which variables are missing if only some of a tenant's variables are set", async () => {
    process.env.AUTH0_DOMAIN = 'my-tenant.eu.auth0.com';
    try {
      const { exitCode, stdout, stderr } = await show();
      expect(stdout + stderr).toMatch(
        /AUTH0_DOMAIN is set, but not all of AUTH0_CLIENT_ID, AUTH0_AUDIENCE and TF_VAR_client_secret/,
      );
      expect(exitCode).toBe(1);
    } finally {
      delete process.env.AUTH0_DOMAIN;
    }
  });
});
