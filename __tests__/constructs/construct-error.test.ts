import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

it('tells the user who runs main.ts what to change, on one line', async () => {
  const CDKTF_OUTDIR = mkdtempSync(path.join(tmpdir(), 'rotaform-error-'));
  onTestFinished(() => rmSync(CDKTF_OUTDIR, { recursive: true }));
  const main = `
    import { App, TerraformStack } from 'cdktf';
    import { RotatedSecret, Rotation, Schedule } from 'rotaform';
    new RotatedSecret(new TerraformStack(new App(), 'my-app'), 'password', {
      name: 'my app',
      rotation: Rotation.password(),
      schedule: Schedule.rate({ days: 30 }),
    });`;
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', main], {
    env: { ...process.env, CDKTF_OUTDIR },
  });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining(
      '\nConstructError: The secret\'s name "my app" has the character " ". Expected ASCII letters, digits and any of -/_+=.@\n',
    ),
  });
});
