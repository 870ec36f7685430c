import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeBinary } from '../../bench/node-binary.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { writeOverrides } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/index.ts';
import { cachedTool } from '../cached-tool.ts';
import { tsx } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = cachedTool('cdktf-cli/node_modules/cdktf-cli/bundle/bin/cdktf.js');
const missingCli = cli === undefined ? ' (skipped: cdktf-cli is not installed; .ci/run installs it)' : '';

/** It crashes on Node.js 24: see docs/deploy.md. */
const node = () => (Number(process.versions.node.split('.')[0]) < 24 ? process.execPath : nodeBinary(22));

describe.skipIf(!hasTerraform || cli === undefined)(
  `cdktf, the command line${missingTerraform || missingCli}`,
  { timeout: 600_000 },
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-cdktf-cli-'));
    const outdir = path.join(folder, 'cdktf.out');
    let aws: LocalAws;
    let client: SecretsManagerClient;

    beforeAll(async () => {
      aws = await localAws();
      const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
      client = new SecretsManagerClient({ endpoint: aws.endpoint, region: aws.account.region, credentials });
      const env = { ...process.env, CDKTF_OUTDIR: outdir };
      await promisify(execFile)(process.execPath, tsx('main.ts'), { cwd: root, env });
      writeOverrides(path.join(outdir, 'stacks/my-app'));
    }, 600_000);

    afterAll(async () => {
      client.destroy();
      await aws.close();
      rmSync(folder, { recursive: true });
    });

    it('deploys main.ts, has nothing to change after a rotation, and destroys all of it', async () => {
      expect(await cdktf('deploy', '--auto-approve')).toContain('8 added, 0 changed, 0 destroyed');
      const SecretId = 'my-app/custom-password';
      expect(await aws.rotationSettled(SecretId)).toBe('succeeded');
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(JSON.parse(SecretString)).toEqual({ username: 'user1', password: expect.stringMatching(/^.{32}$/) });

      expect(await cdktf('diff')).toContain('No changes. Your infrastructure matches the configuration.');

      expect(await cdktf('destroy', '--auto-approve')).toContain('8 destroyed');
      const { SecretList } = await client.send(new ListSecretsCommand({}));
      expect(SecretList).toEqual([]);
      expect(aws.account.functions.all()).toEqual([]);
    });

    /** @returns what it printed */
    async function cdktf(command: string, ...args: string[]): Promise<string> {
      const ours = Object.entries(process.env).filter(([name]) => !/^(AWS|TF|CDKTF)_/.test(name));
      const { TF_CLI_CONFIG_FILE } = terraformCli().environment;
      const app = ['node', ...tsx('main.ts')].join(' ');
      // Where providers come from a folder, there is no registry to lock their checksums by.
      const options = ['--skip-provider-lock', '--output', outdir, '--app', app];
      const child = spawn(node(), [cli ?? '', command, 'my-app', ...args, ...options], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...Object.fromEntries(ours),
          ...(TF_CLI_CONFIG_FILE && { TF_CLI_CONFIG_FILE }),
          CI: '1',
          CHECKPOINT_DISABLE: '1',
          // A cache in the home directory would be taken for the folder that the providers come from.
          CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
          AWS_CONFIG_FILE: devNull,
          AWS_SHARED_CREDENTIALS_FILE: devNull,
          ...aws.environment,
        },
      });
      const [exitCode, stdout, stderr] = await Promise.all([
        new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
        text(child.stdout),
        text(child.stderr),
      ]);
      expect(exitCode, `cdktf ${command}: ${stdout}${stderr}`).toBe(0);
      return stripVTControlCharacters(stdout);
    }
  },
);
