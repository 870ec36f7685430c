import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { writeOverrides } from '../../harness/terraform-folder.ts';
import { tsx } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(path.join(root, 'docs/terraform.md'), 'utf8');
const [first = '', second = ''] = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, commands]) => commands);

describe.skipIf(!hasTerraform)(`docs/terraform.md${missingTerraform}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-two-terminals-'));
  let local: ChildProcess;
  let endpoint: string;

  beforeAll(async () => {
    local = spawn(process.execPath, [...tsx('commands/rotaform.ts'), 'local', '--port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!local.stdout) throw new Error('The local AWS has no output.');
    const [ready] = await once(createInterface(local.stdout), 'line');
    endpoint = JSON.parse(ready).endpoint;
  }, 600_000);

  afterAll(async () => {
    const closed = once(local, 'close');
    local.kill('SIGINT');
    await closed;
    rmSync(folder, { recursive: true });
  });

  it('has every command for two terminals: each succeeds, and the plan after a rotation is empty', () => {
    expect(first).toBe('npx rotaform local\n');
    const [synth = '', environment = '', ...commands] = second.trim().split('\n');
    expect(synth).toBe('npx rotaform synth');
    shell(synth, root);
    writeOverrides(path.join(folder, 'cdktf.out/stacks/my-app'));
    const exported = environment.replace('http://127.0.0.1:4566', endpoint);
    expect(exported).toContain(endpoint);
    for (const command of commands) {
      shell(`${exported}; ${command}`, command.startsWith('npx') ? root : folder);
    }
    expect(commands.filter((command) => command.startsWith('terraform'))).toHaveLength(4);
  }, 600_000);

  /** Runs a command that must succeed, with no credentials or settings of this machine. */
  function shell(command: string, cwd: string): void {
    const ours = Object.entries(process.env).filter(([name]) => !/^(AWS|TF)_/.test(name));
    const { TF_CLI_CONFIG_FILE = '' } = terraformCli().environment;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
      cwd,
      encoding: 'utf8',
      env: {
        ...Object.fromEntries(ours),
        ...(TF_CLI_CONFIG_FILE !== '' && { TF_CLI_CONFIG_FILE }),
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        CDKTF_OUTDIR: path.join(folder, 'cdktf.out'),
      },
    });
    expect({ command, status, stderr, stdout }).toMatchObject({ status: 0 });
  }
});
