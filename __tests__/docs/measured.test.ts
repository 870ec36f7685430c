import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockWith, codesIn, pages, readPage, tableOf } from './pages.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

/** What was measured once: what the page says, and the command whose output has such a figure. */
const MEASURED: readonly (readonly [page: string, says: RegExp, command: string, file: string, prints: RegExp])[] = [
  ['docs/deploy.md', /command line takes \d+ MB/, 'npx cdktf-cli@0.21', '.ci/install-tools', /cdktf-cli@0\.21\.0/],
  [
    'docs/fleet.md',
    /first apply of 50 secrets took \d+ s with one function, and \d+ s with 50 functions/,
    'npm run bench:terraform',
    'bench/terraform.ts',
    /\[50, 'own'\],\n {2}\[50, 'shared'\]/,
  ],
  [
    'docs/fleet.md',
    /rotates 1,000 secrets in a day of 24 hours/,
    'npx tsx bench/fleet.ts',
    'bench/fleet.ts',
    /rotatedFleet\(1000\)/,
  ],
  ['docs/oauth.md', /about 100 of the 720 hours/, 'bench/token-schedules.ts', 'bench/token-schedules.ts', /DAYS = 30/],
  [
    'docs/on-rotated.md',
    /restarts there are for a hundred rotations/,
    'npx tsx bench/on-rotated.ts',
    'bench/on-rotated.ts',
    /100/,
  ],
  [
    'docs/alarms.md',
    /a thousand successful rotations/,
    'npx tsx bench/alarms.ts',
    'bench/alarms.ts',
    /watched\(20\);\n.*advance\(\{ days: 50 \}\)/,
  ],
  ['docs/read.md', /from memory, in nanoseconds/, 'npm run bench:client', 'bench/client.ts', /ns|nanoseconds/],
  [
    'docs/use-in-your-repository.md',
    /a project takes \d+ MB, \d+ MB of them\s+`@cdktf\/provider-aws`/,
    'npm run bench:package',
    'bench/first-secret.ts',
    /MB with the package alone/,
  ],
  [
    'docs/terraform.md',
    /rotates every secret three times/,
    'npm run bench:terraform',
    'bench/disturb-secrets.ts',
    /three rotations/,
  ],
];

/** Sizes that are no measurement: a limit of the code, of AWS, or of a test. */
const LIMITS: readonly (readonly [page: string, size: string, holds: string | RegExp])[] = [
  ['README.md', 'kB', 'targets.test.ts'],
  ['docs/local-aws.md', '1 MB', 'docs/figures.test.ts'],
  ['docs/local-aws.md', '50 MB', /as much as in AWS/],
  ['docs/fleet.md', '20 kB', /resource policy of a function/],
  ['docs/use-in-your-repository.md', '29 MB', 'packaging/init.test.ts'],
];

describe('A figure that was measured names the command that prints it:', () => {
  it.each(MEASURED)('%s, %s: %s', (page, says, command, file, prints) => {
    const text = readPage(page);
    expect(text).toMatch(says);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(command);
    const [, script] = /^npm run ([\w:]+)$/.exec(command) ?? [];
    if (script !== undefined) expect(scripts).toHaveProperty([script]);
    expect(readFileSync(file, 'utf8')).toMatch(prints);
  });

  it('and no other size is on a page', () => {
    for (const page of pages) {
      const text = readPage(page).replaceAll(/^( *)```.*?^\1```/gms, '');
      for (const [size, , unit = ''] of text.matchAll(/\b(\d[\d.,]*) (MB|kB|GB)\b/g)) {
        const isMeasured = MEASURED.some(([of, says]) => of === page && says.exec(text)?.[0].includes(size));
        const limit = LIMITS.find(([of, known]) => of === page && (known === size || known === unit));
        expect({ page, size, isKnown: isMeasured || limit !== undefined }).toEqual({ page, size, isKnown: true });
        if (limit?.[2] instanceof RegExp) expect(text.replaceAll(/\s+/g, ' ')).toMatch(limit[2]);
        else if (limit !== undefined) expect(existsSync(`__tests__/${limit[2]}`)).toBe(true);
      }
    }
  });
});

describe('The table of commands in README.md', () => {
  const rows = tableOf('README.md', /^command$/);
  /** The files that a command runs, and those beside it that it imports. */
  const sourcesOf = (command: string) => {
    const line: string = scripts[command.replace('npm run ', '')] ?? command;
    const files = [...line.matchAll(/bench\/[\w-]+\.ts/g)].map(([file]) => file);
    const imported = (file: string) =>
      [...readFileSync(file, 'utf8').matchAll(/from '\.\/([\w/-]+\.ts)'/g)].map(([, name]) => `bench/${name}`);
    return [...files, ...files.flatMap(imported)].map((file) => readFileSync(file, 'utf8')).join('\n');
  };

  it('has every bench', () => {
    const named = rows.flatMap(([cell = '']) => codesIn(cell));
    expect(Object.keys(scripts).filter((name) => name.startsWith('bench'))).toEqual(
      expect.arrayContaining(
        named.filter((name) => name.startsWith('npm')).map((name) => name.slice('npm run '.length)),
      ),
    );
    for (const name of Object.keys(scripts).filter((each) => each.startsWith('bench')))
      expect(named).toContain(`npm run ${name}`);
  });

  it.each(rows)('%s counts as it says', (cell, measures) => {
    const source = sourcesOf(codesIn(cell)[0] ?? '').replaceAll('_', '');
    expect(source).not.toBe('');
    for (const [number] of (measures ?? '').matchAll(/\b\d[\d,]*\b/g))
      expect(source, number).toMatch(new RegExp(`\\b${number.replaceAll(',', '')}\\b`));
  });
});

it('docs/terraform.md has each disturbance and each way that the bench tries', () => {
  const source = readFileSync('bench/disturb-secrets.ts', 'utf8');
  const namesIn = (constant: string) => {
    const [, body = ''] = new RegExp(`^const ${constant}: [^\\n]* = \\{\\n(.*?)^\\};`, 'ms').exec(source) ?? [];
    return [...body.matchAll(/^ {2}(?:'([^']+)'|(\w+)):/gm)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  };
  const rows = tableOf('docs/terraform.md', /^$/);
  const plain = (text: string) => text.replaceAll('`', '').replace('an old state restored', 'old state restored');
  expect(rows.flatMap(([first = '']) => plain(first).split(', '))).toEqual([
    ...namesIn('DISTURBANCES'),
    'first value in state',
  ]);
  expect(namesIn('WAYS')).toEqual(['rotaform', 'secret_string', 'secret_string, ignore_changes', 'secret_string_wo']);
  // What the bench itself holds: ours loses nothing.
  expect(rows.map((row) => row.at(-1))).toEqual([
    ...namesIn('DISTURBANCES')
      .map(() => 'kept')
      .slice(1),
    'no',
  ]);
});

it('the strategies that are said to take fifty lines do', () => {
  const lines = blockWith('docs/custom-strategy.md', 'ts', 'rotationHandler(').trim().split('\n');
  expect(lines.length).toBeLessThanOrEqual(50);
  for (const page of ['README.md', 'docs/custom-strategy.md', 'docs/static-secret.md'])
    expect(readPage(page)).toMatch(/fifty\s+lines/);
});

it('prices have the date that start prints, and facts of others their sources', () => {
  const [, date = ''] =
    /PRICE_LIST = 'prices of us-east-1, (\w+ \d{4})'/.exec(
      readFileSync('commands/start/deployed/monthly-cost.ts', 'utf8'),
    ) ?? [];
  expect(readPage('docs/use-in-your-repository.md')).toContain(`The prices are those of us-east-1 in ${date}`);
  const dated = pages.filter((page) =>
    /\b(?:January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d\b/.test(
      readPage(page),
    ),
  );
  expect(dated).toEqual(['docs/use-in-your-repository.md', 'docs/when-not-to-use-this.md']);
  for (const section of readPage('docs/when-not-to-use-this.md').split(/^## /m))
    if (/In \w+ 20\d\d/i.test(section) && !section.startsWith('#')) expect(section).toMatch(/\(https:\/\//);
});
