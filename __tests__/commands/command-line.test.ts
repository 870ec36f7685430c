import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCommandLine } from '../../commands/command-line.ts';
import { runCommand, tsx } from '../run-command.ts';

const COMMANDS = ['init', 'start', 'local', 'rotate', 'status', 'preflight', 'synth', 'check-stack'];

/** An empty folder, or one with these files. */
function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** A command that ends at once, in the test's own process. */
async function ended(args: readonly string[]) {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += text;
      return true;
    }),
  );
  try {
    return { exitCode: await runCommandLine(args), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const rotaform = (args: readonly string[], folder = folderWith()) =>
  runCommand(process.execPath, [...tsx('commands/rotaform.ts'), ...args], folder);

describe('The command line', () => {
  it('runs by npx in a clone, too', async () => {
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8'));
    const [command, ...args] = [path.resolve(bin.rotaform), 'start', 'nothing'];
    const { exitCode, stdout, stderr } = await runCommand(command, args, folderWith());
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^There is no show "nothing"\. .*\n$/);

    // Before npm ci.
    const bare = folderWith({ 'npx-rotaform.mjs': readFileSync(bin.rotaform, 'utf8') });
    expect(await runCommand(process.execPath, ['npx-rotaform.mjs'], bare)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'The packages of this clone are not installed. Run: npm ci\n',
    });
  });

  it('lists its commands and exit codes with --help', async () => {
    const { exitCode, stdout, stderr } = await ended(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toMatch(/Exit codes\n {2}0 +done\n {2}1 .*\n {2}2 .*\n {2}130 /);
  });

  it.each(COMMANDS)('says what %s does with --help, and does nothing', async (command) => {
    const { exitCode, stdout, stderr } = await ended([command, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm [\s\S]*--help[\s\S]*Exit codes/);
    expect(stdout).not.toContain('Ends with');
  });

  it('does the same with npm start -- --help', async () => {
    const { stdout } = await runCommand('npm', ['start', '--silent', '--', '--help']);
    expect(stdout).toMatch(/^Usage: npm start -- \[options\]/);
  });

  it.each<[string, string[], RegExp]>([
    ['no command', [], /^Usage: rotaform/],
    [
      'a command that it does not have',
      ['rotat'],
      /^Unknown command 'rotat'\. Did you mean rotate\? Commands: init, start/,
    ],
    [
      'an option that a command does not have',
      ['synth', '--jsno'],
      /^Unknown option '--jsno'\. Did you mean --json\? Run npm run synth -- --help\.\n$/,
    ],
    [
      'an option without its value',
      ['local', '--port'],
      /^Option '--port <N>' argument missing\. Run npm run local -- --help\.\n$/,
    ],
    [
      'more than a command takes',
      ['local', 'main.ts'],
      /^Too many arguments for 'local'\. Expected 0 arguments but got 1\./,
    ],
    [
      'a show that is not there',
      ['start', 'nothing'],
      /^There is no show "nothing"\. Expected npm start, or npm start -- postgres/,
    ],
  ])('ends with 2 for %s, says what to do, and prints nothing else', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await ended(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('says what is missing in a folder that is not a project', async () => {
    const { exitCode, stdout, stderr } = await rotaform(['synth']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^There is no cdktf\.json in \S+\. Run this in the folder of a CDKTF project; .* makes one\.\n$/,
    );
  });

  it.each([
    ['no JSON', '{', /^cdktf\.json is not JSON: /],
    ['no command', '{"language": "typescript"}', /^cdktf\.json has no "app"\. Expected the command that synthesizes/],
    [
      'a command that writes no stack',
      '{"app": "node -e 0"}',
      /^node -e 0 ended without a stack: .*manifest\.json does not exist/,
    ],
    ['a command that fails', '{"app": "node -e process.exit(3)"}', /^node -e process.exit\(3\) was not synthesized/],
  ])('refuses a cdktf.json with %s, without a stack trace', async (_, text, message) => {
    const { exitCode, stderr } = await rotaform(['synth'], folderWith({ 'cdktf.json': text }));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names the entry of the runbook if a stack cannot be deployed here', async () => {
    const stack = { resource: { aws_secretsmanager_secret: { db: { name: 12 } } } };
    const manifest = {
      version: '0',
      stacks: { s: { name: 's', synthesizedStackPath: 'cdk.tf.json', workingDirectory: '.' } },
    };
    const main = `mkdir -p cdktf.out && cp *.tf.json cdktf.out && echo '${JSON.stringify(manifest)}' > cdktf.out/manifest.json`;
    const folder = folderWith({
      'cdktf.json': JSON.stringify({ app: 'bash main.sh' }),
      'main.sh': main,
      'cdk.tf.json': JSON.stringify(stack),
    });
    const { exitCode, stderr } = await rotaform(['local', '--port', '0', '--deploy'], folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/aws_secretsmanager_secret\.db[\s\S]*\nSee docs\/errors\.md#deploy-value\n$/);
  });

  it('exits quietly if the reader closes the pipe', async () => {
    const [node, ...args] = [process.execPath, ...tsx('commands/rotaform.ts'), 'check-stack', '--list'];
    const { stderr } = await runCommand('bash', ['-c', `"$0" "$@" | head -1`, node ?? '', ...args]);
    expect(stderr).toBe('');
  });
});

describe('synth', () => {
  const main = (warning = '') =>
    `import { App, TerraformStack } from 'cdktf'; const app = new App(); new TerraformStack(app, 'mine'); ${warning} app.synth();`;

  it('names the JSON and what to run next, and shows what the program warns of', async () => {
    const root = path.resolve('dist');
    const folder = mkdtempSync(path.join(root, 'synth-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, 'cdktf.json'), '\uFEFF{"app": "npx --no-install tsx main.ts", "output": "my out"}');
    writeFileSync(path.join(folder, 'main.ts'), main("console.error('beware');"));
    const text = await rotaform(['synth'], folder);
    expect(text).toMatchObject({ exitCode: 0, stderr: 'beware\n' });
    expect(text.stdout).toMatch(
      /^my out\/stacks\/mine\/cdk\.tf\.json\n {2}terraform -chdir='my out\/stacks\/mine' init && /,
    );

    const json = await rotaform(['synth', '--json'], folder);
    expect(JSON.parse(json.stdout)).toEqual({ stacks: [{ name: 'mine', folder: 'my out/stacks/mine' }] });
  });
});
