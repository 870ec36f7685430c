import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { Choice } from '../../../commands/init/choice.ts';
import { newProject } from '../../../commands/init/new-project.ts';
import { statusTable } from '../../../commands/status/status-table.ts';
import { checkMysqlOptions, type MysqlOptions } from '../../../rules/mysql-rotation.ts';
import { checkPostgresOptions, type PostgresOptions } from '../../../rules/postgres-rotation.ts';
import { codesIn, readPage } from '../pages.ts';
import type { Judge } from './judges.ts';

/** The jobs of the workflow, in their order, with what each may. */
export const jobs: Judge = (table, page) => {
  const { jobs: all } = parse(readFileSync('.github/workflows/terraform.yml', 'utf8'));
  const RIGHTS: Readonly<Record<string, object>> = {
    'read the repository': { contents: 'read' },
    'write on pull requests': { 'pull-requests': 'write' },
    'use the plan role': { 'id-token': 'write' },
    'use the apply role': { 'id-token': 'write' },
  };
  expect(table.map(([name = '']) => codesIn(name)[0])).toEqual(Object.keys(all));
  for (const [cell = '', does = '', may = ''] of table) {
    const job = all[codesIn(cell)[0] ?? ''];
    const right = Object.keys(RIGHTS).find((each) => may.startsWith(each));
    expect(RIGHTS[right ?? ''], may).toEqual(job.permissions);
    for (const command of codesIn(does).filter((code) => /^(npm|terraform) /.test(code)))
      expect(JSON.stringify(job)).toContain(command.split(' ').at(-1));
    if (job.environment) expect(does).toContain(`\`${job.environment}\``);
  }
  // The picture: what stands before what.
  const picture = readPage(page).match(/^ {2}(pull request ─.*?)^```/ms)?.[1] ?? '';
  expect(picture).toContain('synth ─▶ check ─┬▶ scan');
  const before = (name: string) => [all[name].needs ?? []].flat();
  expect([before('check'), before('scan'), before('plan'), before('comment')]).toEqual([
    ['synth'],
    ['check'],
    ['check'],
    ['plan'],
  ]);
  expect(before('apply')).toEqual(['plan', 'scan']);
};

/** What the contract of a strategy promises. */
function promiseOf(folder: string, strategy: string): string | undefined {
  const contract = readFileSync(`__tests__/lambda/${folder}/${strategy}.contract.test.ts`, 'utf8');
  expect(contract).toContain(strategy);
  const shared = readFileSync(`__tests__/lambda/${folder}/contract-of.ts`, 'utf8');
  const [, other, window, overlap] = /strategy === '([\w-]+)' \? '(window)' : '(overlap)'/.exec(shared) ?? [];
  if (other !== undefined) return other === strategy ? window : overlap;
  return /'(overlap|window)'/.exec(contract)?.[1];
}

/** A table with a column for each strategy of a database: who is refused is what its contract promises, and the versions. */
export const strategies: Judge = (table, page) => {
  const folder = page.includes('mysql') ? 'mysql' : 'postgres';
  const refusal =
    folder === 'mysql'
      ? checkMysqlOptions({ strategy: '?' } as unknown as MysqlOptions)
      : checkPostgresOptions({ strategy: '?' } as unknown as PostgresOptions);
  const all = [...(refusal ?? '').matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
  const head = /^\| +\| (`[\w-]+` .*)\|$/m.exec(readPage(page))?.[1] ?? '';
  const named = codesIn(head);
  expect(named.toSorted()).toEqual(all.toSorted());
  const rowOf = (what: string) => table.find(([first]) => first === what) ?? [];
  for (const [index, strategy] of named.entries()) {
    const isNobody = /^nobody/.test(rowOf('who is refused')[index + 1] ?? '');
    expect([strategy, isNobody ? 'overlap' : 'window']).toEqual([strategy, promiseOf(folder, strategy)]);
  }
  if (folder !== 'mysql') return;
  const [, mariadb = '', mysql = ''] =
    /DUAL_SINCE = \{ MariaDB: \[([^\]]+)\], MySQL: \[([^\]]+)\]/.exec(readFileSync('lambda/mysql/server.ts', 'utf8')) ??
    [];
  const dotted = (version: string) =>
    version
      .split(', ')
      .join('.')
      .replace(/^10\.4\.0$/, '10.4');
  for (const [index, strategy] of named.entries())
    if (strategy !== 'single-user')
      expect(rowOf('what it needs')[index + 1]).toContain(`MySQL ${dotted(mysql)} or MariaDB ${dotted(mariadb)}`);
};

/** The columns that `status` prints. */
export const columns: Judge = (table) => {
  const [head = ''] = statusTable({ secrets: [], notes: [] } as never, new Date())
    .split('\n')
    .filter((line) => line.includes('secret'));
  const printed = head
    .replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '')
    .split('│')
    .map((cell) => cell.replace('(UTC)', '').trim())
    .filter((cell) => cell !== '');
  expect(table.map(([cell]) => cell)).toEqual(printed);
};

/** What was called otherwise before, and what it is called now. */
export const renamed: Judge = (table) => {
  const api = readdirSync('docs/api').flatMap((file) => readPage(`docs/api/${file}`).match(/^#+ .*/gm) ?? []);
  const exists = (name: string) => api.some((heading) => new RegExp(`[ .]${name}\\b`).test(heading));
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  // By the old name, what has it no more; by the new one, what has it.
  const NAMES: Readonly<Record<string, readonly string[]>> = {
    adminSecretArn: ['admin', 'secretArn'],
    adminSecretKmsKeyArn: ['admin', 'kmsKeyArn'],
    alternateUsername: ['users'],
    checkEnvironment: ['readEnvironment'],
  };
  const [path = [], ...others] = table;
  expect(manifest.exports).not.toHaveProperty(['./client']);
  expect(path[1]).toContain(JSON.parse(readFileSync('client/package.json', 'utf8')).name);
  const gone = others.filter(([, now = '']) => now.startsWith('gone'));
  expect(gone.map(([before]) => before)).toEqual(['`RotationFunction#rotation`']);
  const changed = others.filter((row) => !gone.includes(row));
  // Not in docs/api: what a local account keeps of a secret.
  const [, lastRun] = changed.pop() ?? [];
  expect(lastRun).toBe('`secret.lastRun`');
  expect(readFileSync('local/secrets-manager/rotation-run.ts', 'utf8')).toContain('secret.lastRun');
  expect(changed).toHaveLength(Object.keys(NAMES).length);
  for (const [index, [old, names]] of Object.entries(NAMES).entries()) {
    expect(changed[index]?.[0]).toContain(old);
    expect({ old, exists: exists(old) }).toEqual({ old, exists: false });
    for (const name of names) {
      expect(changed[index]?.[1]).toContain(name);
      expect({ name, exists: exists(name) }).toEqual({ name, exists: true });
    }
  }
};

/** How a project runs, beside what `init` writes. */
export const apps: Judge = (table) => {
  const { app } = JSON.parse(newProject({ framework: {} } as Choice)['cdktf.json'] ?? '');
  expect(table.map(([, command = '']) => codesIn(command)[0])).toEqual([app, 'npx ts-node main.ts', 'node main.js']);
};

/** What a reader of docs/read.md uses: the version that the tests install, the names that it calls, and the server. */
export const drivers: Judge = (table) => {
  const exported = readdirSync('client')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`client/${file}`, 'utf8'))
    .join('\n');
  const installed = `${readFileSync('.ci/install-tools', 'utf8')} ${readFileSync('package.json', 'utf8')}`;
  const PACKAGES: Readonly<Record<string, string>> = {
    'Postgres.js': 'postgres',
    'node-redis': 'redis',
    NestJS: '@nestjs/common',
    'Next.js': 'next',
  };
  let versions = 0;
  for (const [uses = '', write = ''] of table) {
    const text = uses.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
    for (const [, name = '', numbers = ''] of text.matchAll(/([A-Za-z][\w.-]+) (\d+(?:, \d+)*)(?![.\d])/g)) {
      const wanted = PACKAGES[name] ?? name.toLowerCase();
      for (const major of numbers.split(', ')) {
        const isThere = new RegExp(
          `(?:^|[\\s'"])(?:@?[\\w/-]*:)?${wanted}(?:@|": "\\^?|-1 )${major}\\b|${wanted}-${major}@|nestjs ${major}`,
          'm',
        ).test(installed);
        expect({ name, major, isThere }).toEqual({ name, major, isThere: true });
        versions += 1;
      }
    }
    for (const [name] of codesIn(write)
      .join()
      .matchAll(/\b(rotating\w+|loginGuard|readSecrets)\b/g)) {
      expect(exported, name).toMatch(new RegExp(`export (?:function|const|\\{[^}]*) ?${name}\\b`));
    }
  }
  expect(versions).toBeGreaterThan(10);
};
