import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { giveUpCommand } from '../../commands/rotate/give-up-command.ts';
import { parseFault } from '../../local/faults/parse-fault.ts';
import { VERSION } from '../../rules/version.ts';
import { AccountOfLines, NAME } from './account-of-lines.ts';
import { refusedArguments } from './help-of.ts';
import { type Block, blocksOf, blockWith, pages, readPage } from './pages.ts';
import { type Call, programsCalledBy } from './shell.ts';

/** What no test can run, and why. */
const NOT_RUN: readonly (readonly [line: RegExp, reason: string])[] = [
  [/^aws cloudtrail lookup-events /, 'the local AWS keeps no events: cloudtrail.test.ts has their fields'],
  [/^gcloud /, "Google's own program, and an account of Google's"],
  [/^gh api --method PUT repos\/my-team\/my-app\/actions\/oidc\//, 'a repository on GitHub'],
];

/** What people type for a password: bash, and the value of a variable of Terraform, must leave it as it is. */
const PASSWORD = `a "quote", a \\ backslash, an 'apostrophe', a $dollar and \${PATH}`;

const manifest = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const { scripts, devDependencies } = manifest('package.json');
const { peerDependencies } = manifest('client/package.json');
const workflow = readFileSync('.github/workflows/terraform.yml', 'utf8');

/** The options that each command of Terraform has, of those that pages use. */
const TERRAFORM: Readonly<Record<string, RegExp>> = {
  init: /^-(upgrade|backend=false|input=false|reconfigure)$/,
  plan: /^-(out=\w+|detailed-exitcode)$/,
  apply: /^-(auto-approve|var)$/,
  destroy: /^-auto-approve$/,
  import: /^$/,
  'providers lock': /^-platform=\w+$/,
  'workspace select': /^-or-create$/,
};

const judges: Readonly<Record<string, (call: Call, block: Block, folder: string, account: AccountOfLines) => unknown>> =
  {
    aws: ({ args, variables }, _block, _folder, account) => account.send(args, variables),

    async npm({ args }, { page }, _folder, account) {
      const [command = '', ...rest] = args;
      if (command === 'ci' || (command === 'install' && rest.length === 0)) return;
      if (command === 'install')
        return expect(rest.filter((each) => each !== '--save-dev' && !canBeInstalled(each))).toEqual([]);
      if (command === 'pkg') {
        for (const each of rest.slice(1)) {
          const [, script = '', line = ''] = /^scripts\.([\w-]+)=rotaform ([\w-]+)$/.exec(each) ?? [];
          expect({ each, line }).toEqual({ each, line: script });
          await rotaform([line], account);
        }
        return;
      }
      const [name = '', separator = '--', ...given] = command === 'start' ? args : rest;
      expect(command === 'start' ? command : command + separator, page).toMatch(/^(start|run--)$/);
      expect(scripts).toHaveProperty([name]);
      if (/rotaform\.ts/.test(scripts[name])) await rotaform([name, ...given], account);
    },

    async npx({ args }, _block, folder, account) {
      const [first, tarball = '', ...others] = args;
      if (first === '--package') expect(canBeInstalled(tarball)).toBe(true);
      const [program, ...given] = first === '--package' ? others : args;
      if (program === 'esbuild') return bundle(given, folder);
      expect(program).toBe('rotaform');
      await rotaform(given, account);
    },

    terraform({ args, variables }, { page, code }) {
      const [folder = '', ...rest] = args[0]?.startsWith('-chdir=') ? args : ['', ...args];
      expect(folder).toMatch(/^(-chdir=cdktf\.out\/stacks\/(my-app|prod))?$/);
      const name = Object.keys(TERRAFORM).find((each) => rest.join(' ').startsWith(each)) ?? '';
      const given = rest.slice(name.split(' ').length);
      expect(name, page).not.toBe('');
      expect(given.filter((each) => each.startsWith('-') && !TERRAFORM[name]?.test(each))).toEqual([]);
      // A plan that is applied was written by the same lines.
      if (name === 'apply' && /^\w+$/.test(given[0] ?? '')) expect(code).toContain(`plan -out=${given[0]}\n`);
      checkVariables(page, variables);
    },

    curl({ args }, _block, _folder, account) {
      const url = args.at(-1) ?? '';
      expect(args.slice(0, -1)).toEqual(['-X', 'POST', '--aws-sigv4', 'aws:amz:us-east-1:local', '--user', 'any:any']);
      return account.post(new URL(url).pathname);
    },

    // The workflow scans the stack that it has checked, which is in another folder.
    jq: ({ args: [filter] }) =>
      expect(workflow).toContain(`jq '${filter}' checked/stack/cdk.tf.json > scanned/cdk.tf.json`),
    checkov: ({ args }) => expect(workflow).toContain(`checkov ${args.join(' ')}\n`),

    node({ variables: { NODE_ENV: _, ...variables } }) {
      const source = readFileSync('client/local-secrets.ts', 'utf8');
      for (const name of Object.keys(variables)) expect(source).toContain(`'${name}'`);
    },

    zip({ args }, _block, folder) {
      const [flag, archive, file = ''] = args;
      expect([flag, archive]).toEqual(['--junk-paths', 'rotate.zip']);
      expect(readFileSync(path.join(folder, file), 'utf8')).toContain('.handler');
    },

    end: ({ variables }, { page }) => checkVariables(page, variables),
  };

/** A variable of Terraform is declared on the page, and gets what was typed. */
function checkVariables(page: string, variables: Call['variables']): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!name.startsWith('TF_VAR_')) continue;
    expect(value).toBe(PASSWORD);
    const declared = new RegExp(`variable "${name.slice(7)}" \\{\n +type += string\n +ephemeral = true`);
    expect(readPage(page)).toMatch(declared);
  }
}

const canBeInstalled = (name: string): boolean =>
  new RegExp(`^\\.\\.?/rotaform(-client)?-${VERSION}\\.tgz$`).test(name) ||
  name in { ...peerDependencies, ...devDependencies } ||
  readFileSync('.ci/install-tools', 'utf8').includes(`${name}@`);

async function rotaform(args: readonly string[], account: AccountOfLines): Promise<void> {
  expect(await refusedArguments(args)).toBeUndefined();
  const [command, name] = args;
  if (args.includes('--fault')) parseFault(args[args.indexOf('--fault') + 1] ?? '');
  if (command === 'rotate') await account.send(['secretsmanager', 'rotate-secret', '--secret-id', name ?? ''], {});
}

function bundle(args: readonly string[], folder: string): void {
  writeFileSync(path.join(folder, 'rotate.ts'), blockWith('docs/custom-strategy.md', 'ts', 'rotationHandler('));
  const flags = Object.fromEntries(args.slice(1).map((flag) => flag.slice(2).split('=')));
  expect(Object.keys(flags)).toEqual(['bundle', 'platform', 'target', 'minify', 'outfile']);
  const { outfile = '', platform, target } = flags;
  buildSync({
    absWorkingDir: folder,
    entryPoints: [args[0] ?? ''],
    bundle: true,
    platform: platform as 'node',
    target,
    minify: true,
    outfile,
    alias: { 'rotaform/lambda': path.resolve('lambda/rotation/index.ts') },
    nodePaths: [path.resolve('node_modules')],
  });
}

const blocks = pages.flatMap((page) => blocksOf(page, 'sh'));

describe('Every line of shell on a page can be run:', () => {
  it.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))('%s', async (_where, block) => {
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'rotaform-lines-')), 'clone');
    onTestFinished(() => rmSync(path.dirname(folder), { recursive: true }));
    mkdirSync(folder);
    const account = new AccountOfLines(block.code);
    for (const call of programsCalledBy(block.code, folder, `${PASSWORD}\n`)) {
      const line = [call.program, ...call.args].join(' ');
      if (NOT_RUN.some(([pattern]) => pattern.test(line))) continue;
      const judge = judges[call.program];
      if (judge === undefined) expect.unreachable(`${line}: no test runs it`);
      await judge?.(call, block, folder, account);
    }
  });

  it('and the list of what is not run has nothing else', () => {
    const text = blocks.map(({ code }) => code.replaceAll(/\\\n\s*/g, '')).join('');
    for (const [line] of NOT_RUN) expect(text).toMatch(new RegExp(line.source, 'm'));
  });

  it('in sentences and tables, too', async () => {
    const spans = pages.flatMap((page) =>
      [
        ...readPage(page)
          .replaceAll(/^( *)```.*?^\1```/gms, '')
          .matchAll(/`(?:npm run (?:--silent )?|npx rotaform )([^`]+)`/g),
      ].map(([, line = '']) => ({ page, args: line.split(/\s+/).filter((arg) => arg !== '--') })),
    );
    expect(spans.length).toBeGreaterThan(20);
    for (const { page, args } of spans) {
      const [name = ''] = args;
      const isOurs = scripts[name] === undefined || /rotaform\.ts/.test(scripts[name]);
      const given = args.map((arg) => arg.replaceAll(/^\[(.*)\]$/g, '$1'));
      if (isOurs) expect({ page, args, refused: await refusedArguments(given) }).toMatchObject({ refused: undefined });
    }
  });

  it('and what ends a rotation is what the command line prints', () => {
    for (const page of ['docs/revert.md', 'docs/schedule.md']) {
      const code = blockWith(page, 'sh', 'ID-OF-AWSPENDING').replaceAll(/\\\n\s*/g, '');
      expect(code).toContain(giveUpCommand(NAME, 'ID-OF-AWSPENDING'));
    }
  });
});
