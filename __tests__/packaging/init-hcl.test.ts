import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { localAws } from '../../local/local-aws.ts';
import { runCommand } from '../run-command.ts';
import { packOnce } from './pack-once.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const archive = path.join(root, 'dist/rotaform-0.1.0.tgz');

/** Of what `init` writes, the values that a user replaces, in order. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  password: [],
  postgres: ['host', 'secret_arn', 'host'],
  mysql: ['host', 'secret_arn', 'host'],
  'oauth-token': ['issuer', 'audience'],
};

/** The links of all pages in a folder that lead to no file. */
function brokenLinks(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      // Code has brackets of its own.
      const text = readFileSync(path.join(folder, file), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, to = '']) => to);
      return links.filter((to) => !existsSync(path.join(folder, path.dirname(file), to))).map((to) => `${file}: ${to}`);
    });
}

describe.skipIf(!hasTerraform)(
  `npx rotaform init --hcl, from the packed tarball${missingTerraform}`,
  { timeout: 600_000 },
  () => {
    const outer = mkdtempSync(path.join(tmpdir(), 'rotaform-init-hcl-'));
    let command = '';
    afterAll(() => rmSync(outer, { recursive: true, force: true }));

    beforeAll(async () => {
      expect(await packOnce()).toMatchObject({ exitCode: 0 });
      execFileSync('tar', ['-xzf', archive, '-C', outer]);
      // Its own dependencies, which npx would install for a moment.
      execFileSync('ln', ['-s', path.join(root, 'node_modules'), path.join(outer, 'node_modules')]);
      command = path.join(outer, 'package/bin/rotaform.cjs');
    }, 600_000);

    const folderWith = (name: string, files: Readonly<Record<string, string>> = {}) => {
      const folder = path.join(outer, name);
      mkdirSync(folder);
      for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
      return folder;
    };
    const init = (folder: string, ...args: string[]) =>
      runCommand(process.execPath, [command, 'init', '--hcl', ...args], folder);

    /** With the provider that can be had here, and the newest runtime that it knows. */
    const terraform = async (
      folder: string,
      args: readonly string[],
      environment: Readonly<Record<string, string>> = {},
    ) => {
      const { providerVersion } = terraformCli();
      if (providerVersion.startsWith('5.')) {
        for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (!file.endsWith('.tf')) continue;
          const at = path.join(folder, file);
          const text = readFileSync(at, 'utf8');
          const older = text
            .replace('">= 6.50.0, < 7.0.0"', `"${providerVersion}"`)
            .replace('"nodejs24.x"', '"nodejs22.x"');
          if (older !== text) writeFileSync(at, older);
        }
      }
      const run = async (each: readonly string[]) => {
        const { exitCode, output } = await runTerraform(folder, each, {
          ...environment,
          TF_DATA_DIR: path.join(folder, '.terraform'),
        }).ended;
        expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.anything() });
      };
      await run(['init', '-input=false']);
      await run(args);
    };

    it('writes a folder that is new, whose apply rotates', async () => {
      const folder = folderWith('my-app');
      const { exitCode, stdout } = await init(folder, '--yes');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(
        /^Wrote main\.tf, \.gitignore, secrets\.tf, terraform-aws-rotaform\/\.\n\nThen run\n {2}terraform init\n/,
      );
      // Each page that it names, and each page that these lead to, is there.
      const named = [...stdout.matchAll(/\S+\.md/g)].map(([page]) => page);
      expect(named).toEqual(
        ['terraform-module.md', 'terraform.md', 'alarms.md'].map((page) => `terraform-aws-rotaform/docs/${page}`),
      );
      expect(brokenLinks(path.join(folder, 'terraform-aws-rotaform'))).toEqual([]);
      const aws = await localAws();
      try {
        const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
        await terraform(folder, ['apply', '-auto-approve', '-input=false'], {
          ...keys,
          AWS_ENDPOINT_URL: aws.endpoint,
        });
        expect(await aws.rotationSettled('my-app/password')).toBe('succeeded');
        // The command line alone has the AWS SDK: nothing is installed in a folder of HCL.
        expect(readFileSync(command, 'utf8').includes('require("@aws-sdk/client-')).toBe(false);
        const env = { ...process.env, ...keys, AWS_ENDPOINT_URL: aws.endpoint };
        for (const name of ['rotate', 'status', 'preflight']) {
          const ran = await promisify(execFile)(command, [name, 'my-app/password'], { cwd: folder, env });
          expect(ran.stdout).toContain('my-app/password');
        }
      } finally {
        await aws.close();
      }
    });

    it('adds to an existing folder, changes none of its files, and gives each module a label of its own', async () => {
      const theirs = { 'aws.tf': 'provider "aws" {\n  region = "eu-central-1"\n}\n', 'secrets.tf': '# mine\n' };
      const folder = folderWith('existing', theirs);
      for (const [target, name] of [
        ['postgres', 'my-app/db'],
        ['mysql', 'my-app/login'],
        ['oauth-token', 'my-app/token'],
        ['password', 'my-app-db'],
      ]) {
        const { exitCode, stdout } = await init(folder, '--target', target ?? '', '--name', name ?? '', '--json');
        expect(exitCode).toBe(0);
        const told = JSON.parse(stdout);
        expect(told).toMatchObject({ edit: [], next: ['terraform init', 'terraform plan'] });
        expect(told.replace.map((each: string) => each.split(' ')[0])).toEqual(EXAMPLES[target ?? '']);
      }
      for (const [file, text] of Object.entries(theirs))
        expect(readFileSync(path.join(folder, file), 'utf8')).toBe(text);
      const written = readdirSync(folder).filter((file) => file.endsWith('.tf') && !Object.hasOwn(theirs, file));
      expect(written).toHaveLength(4);
      expect(execFileSync('terraform', ['fmt', '-check', '-diff', folder], { encoding: 'utf8' })).toBe('');
      await terraform(folder, ['validate']);
    });

    it('names pages that exist, even if nothing is installed or copied', async () => {
      const { stdout } = await init(folderWith('elsewhere'), '--help');
      const [page = ''] = /\S+use-in-your-repository\.md/.exec(stdout) ?? [];
      expect(page).toBe(path.join(realpathSync(outer), 'package/docs/use-in-your-repository.md'));
      expect(existsSync(page)).toBe(true);
    });

    it('says which of its values are examples', async () => {
      const { stdout } = await init(folderWith('examples'), '--yes', '--target', 'postgres', '--name', 'a/db');
      expect(stdout).toMatch(
        /\n\nFirst replace the examples: host \(secrets\.tf:\d+\), secret_arn \(secrets\.tf:\d+\), host \(secrets\.tf:\d+\)\.\n\nThen run\n/,
      );
    });

    it.each<[string, string[], Readonly<Record<string, string>>, RegExp]>([
      [
        'a format',
        ['--yes', '--format', 'module'],
        {},
        /^--format says how TypeScript is written, and --hcl writes none/,
      ],
      [
        'a target without an HCL form',
        ['--yes', '--target', 'custom'],
        {},
        /^--target is "custom", which init does not write as HCL/,
      ],
      [
        'a name that is declared',
        ['--yes', '--name', 'a/b'],
        { 'a.tf': 'name = "a/b"' },
        /^--name is "a\/b"\. a\.tf declares/,
      ],
      [
        'another module of the name',
        ['--yes'],
        { 'terraform-aws-rotaform': '' },
        /^terraform-aws-rotaform already exists without modules/,
      ],
    ])('refuses %s, and writes nothing', async (title, args, files, message) => {
      const folder = folderWith(title.replaceAll(' ', '-'), files);
      const { exitCode, stdout, stderr } = await init(folder, ...args);
      expect({ stdout, isRefused: exitCode === 1 || exitCode === 2 }).toEqual({ stdout: '', isRefused: true });
      expect(stderr).toMatch(message);
      expect(readdirSync(folder)).toEqual(Object.keys(files));
    });
  },
);
