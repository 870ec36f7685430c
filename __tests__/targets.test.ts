import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rotation } from '../constructs/index.ts';
import { checkMysqlOptions, type MysqlOptions } from '../rules/mysql-rotation.ts';
import { checkPostgresOptions, type PostgresOptions } from '../rules/postgres-rotation.ts';
import { helperNames, type Target, type TargetName, targetNames, targets } from '../rules/targets.ts';
import { rotationsOf } from './constructs/each-target/rotations-of.ts';
import { sites } from './constructs/references/sites.ts';
import { POSTGRES_VERSIONS } from './postgres-versions.ts';

const readme = readFileSync('README.md', 'utf8');
const withTargets = targetNames.map((name): [TargetName, Target] => [name, targets[name]]);

it('The lists of targets and helpers name each function in lambda/, and nothing else', () => {
  const files = readdirSync('lambda').filter((name) => name.endsWith('.ts'));
  expect([...targetNames, ...helperNames].toSorted()).toEqual(
    files.map((name) => path.basename(name, '.ts')).toSorted(),
  );
});

it('The list of targets names each factory of Rotation except custom', () => {
  const methods = Object.getOwnPropertyNames(Rotation).filter(
    (name) => typeof Reflect.get(Rotation, name) === 'function',
  );
  const listed = withTargets.flatMap(([, { factories }]) => factories);
  expect([...listed, 'custom'].toSorted()).toEqual(methods.toSorted());
});

describe.each(withTargets)('The target %s', (name, { title, factories, page, show }) => {
  it('has a page that shows each of its factories', () => {
    const text = readFileSync(page, 'utf8');
    for (const factory of factories) expect(text).toContain(`Rotation.${factory}(`);
  });

  it('has its page linked where one starts', () => {
    expect(readFileSync('docs/use-in-your-repository.md', 'utf8')).toContain(`](${path.basename(page)})`);
  });

  it('has a row in the table of the README', () => {
    const rows = readme.split('\n').filter((line) => line.startsWith('|'));
    const made = factories.map((factory) => `\`Rotation.${factory}\``).join(', ');
    const shown = show === undefined ? '`npm start`' : `\`npm start -- ${show}\``;
    const cells = [`[${title}](${page})`, made, shown].join(' | ');
    expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toContain(`| ${cells} |`);
  });

  it('has a row in the table of what is rotated, with the most that its archive weighs', () => {
    const cells = readme.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const row = cells.find(([, first, strategies]) => first === title && strategies !== undefined);
    expect(row?.at(-2)).toBe(`${targets[name].archiveBudget.zip / 1_000} kB`);
  });

  it('has a show, with a test and a line in the help', () => {
    if (show === undefined) return expect(existsSync('commands/start/show-main.ts')).toBe(true);
    expect(existsSync(`commands/start/${show}/show-${show}.ts`)).toBe(true);
    expect(existsSync(`__tests__/commands/start/show-${show}.test.ts`)).toBe(true);
    expect(readFileSync('help', 'utf8')).toContain(`npm start -- ${show} `);
  });

  it('is declared by its own function', async () => {
    const rotations = await rotationsOf(name);
    expect(rotations.map(({ needs }) => needs.code.name)).toEqual(rotations.map(() => name));
    expect(rotations.length).toBeGreaterThanOrEqual(factories.length);
  });

  it('has each of its options tried with references', () => {
    for (const factory of factories) expect(Object.keys(sites)).toContain(`Rotation.${factory}`);
  });

  it('has a module in HCL and an example of it', () => {
    expect(existsSync(`modules/${name}/main.tf`), `modules/${name}`).toBe(true);
    expect(existsSync(`examples/terraform/${name}/main.tf`), `examples/terraform/${name}`).toBe(true);
    const [, named = ''] = /^In HCL, these are the modules ([^.]*)\./m.exec(readme) ?? [];
    expect(named).toContain(`\`${name}\``);
    expect(readFileSync('docs/terraform-module.md', 'utf8')).toContain(`| \`${name}\` |`);
  });

  it('has tests of its function', () => {
    expect(readdirSync(`__tests__/lambda/${name}`).some((file) => file.endsWith('.test.ts'))).toBe(true);
  });
});

describe('The table of what is rotated', () => {
  const rows = readme
    .slice(readme.indexOf('| Target  '))
    .split('\n\n', 1)
    .flatMap((table) => table.split('\n').slice(2))
    .map((row) => row.split('|').map((cell) => cell.trim()));
  const strategiesOf = (title: string) => {
    const first = rows.findIndex(([, cell]) => cell === title);
    const next = rows.findIndex(([, cell], index) => index > first && cell !== '');
    return rows.slice(first, next < 0 ? undefined : next).map(([, , strategy]) => strategy);
  };

  it.each([
    ['A PostgreSQL login', checkPostgresOptions({ strategy: '?' } as unknown as PostgresOptions)],
    ['A login of MySQL or MariaDB', checkMysqlOptions({ strategy: '?' } as unknown as MysqlOptions)],
  ])('has each strategy of %s', (title, refusal = '') => {
    const expected = [...refusal.matchAll(/'([\w-]+)'/g)].map(([, name]) => `\`${name}\``);
    expect(expected.length).toBeGreaterThan(1);
    expect(strategiesOf(title).toSorted()).toEqual(expected.toSorted());
  });

  it('names the versions that the tests run', () => {
    const tried = rows.map((row) => row.at(-3)).join();
    expect(tried).toContain(`PostgreSQL ${POSTGRES_VERSIONS[0]} to ${POSTGRES_VERSIONS.at(-1)}`);
    const said = /MariaDB ([\d.]+)/.exec(tried)?.[1] ?? '';
    const { stdout } = spawnSync('/usr/sbin/mariadbd', ['--version'], { encoding: 'utf8' });
    // Where there is none, nothing to compare.
    expect(stdout ?? `Ver ${said}.`).toContain(`Ver ${said}.`);
  });
});
