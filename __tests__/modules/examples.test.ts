import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { TerraformFolder } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { targetNames } from '../../rules/targets.ts';

const EXAMPLES = readdirSync('examples/terraform');

describe.skipIf(!hasTerraform)(`The module's examples${missingTerraform}`, { timeout: 900_000 }, () => {
  let aws: LocalAws;
  const started: string[] = [];
  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    aws.account.events.on('call', ({ action, secretId = '' }) => {
      if (action === 'RotateSecret') started.push(secretId.replace(/^.*:secret:(.*)-\w{6}$/, '$1'));
    });
  });
  afterAll(() => aws?.close());

  it('has one for each target', () => {
    expect(EXAMPLES).toEqual(expect.arrayContaining([...targetNames]));
  });

  it.each(EXAMPLES)('deploys %s without input, and leaves nothing behind', async (name) => {
    const folder = path.join(builtModule(), 'examples', name);
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    const data = path.join(folder, '.terraform');
    const terraform = new TerraformFolder(folder, { ...aws.environment, TF_DATA_DIR: data });
    await terraform.succeed(['init', '-input=false']);
    started.length = 0;
    expect(await terraform.succeed(['test'])).toContain('Success! 1 passed, 0 failed.');
    expect(started.length, 'rotations that were started').toBeGreaterThan(0);
    const { functions, roles, logGroups } = aws.account;
    expect([functions, roles, logGroups].map((store) => store.all().length)).toEqual([0, 0, 0]);
    rmSync(data, { recursive: true });
  });
});
