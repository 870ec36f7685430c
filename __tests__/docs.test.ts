import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const pages = ['README.md', 'DESIGN.md', ...readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`)];
const { scripts } = JSON.parse(read('package.json'));

/** What a fragment may use without importing it. */
const PREAMBLE = `import { EphemeralVariable, RotatedSecret, Rotation, Schedule } from 'rotaform';
import type { TerraformStack } from 'cdktf';
declare const stack: TerraformStack;
`;

describe('the documentation', () => {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist/docs-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has TypeScript that compiles', () => {
    const blocks = pages.flatMap((page) =>
      [...read(page).matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code),
    );
    expect(blocks.length).toBeGreaterThan(5);
    for (const [index, code] of blocks.entries()) {
      const text = /^import /m.test(code) ? code : `${PREAMBLE}${code}`;
      writeFileSync(path.join(folder, `block-${index}.ts`), `${text}\nexport {};\n`);
    }
    const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    expect(() => execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })).not.toThrow();
  });

  it('names no npm script that is not there', () => {
    for (const page of [...pages, 'help', 'main.ts']) {
      const named = [...read(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script);
      for (const script of named) expect(scripts, `npm run ${script} in ${page}`).toHaveProperty(script ?? '');
    }
    expect(scripts).toHaveProperty('start');
    expect(scripts).toHaveProperty('test');
  });

  it('links to files that are there', () => {
    for (const page of pages) {
      for (const [, link = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        expect(() => readFileSync(path.join(root, path.dirname(page), link)), `${link} in ${page}`).not.toThrow();
      }
    }
  });

  it('names files of the project that are there', () => {
    const named = /`((?:constructs|lambda|local|rules|docs|examples|bench|__tests__)\/[\w./-]+\.\w+)`/g;
    for (const page of pages) {
      for (const [, file = ''] of read(page).matchAll(named))
        expect(() => read(file), `${file} in ${page}`).not.toThrow();
    }
  });

  it('gives schedules that say what the page says of them', async () => {
    const { Schedule } = await import('rotaform');
    expect(Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 }).describe()).toMatch(/^At 08:00/);
    expect(() => Schedule.rate({ hours: 1 })).toThrow(/four hours/);
    const sundays = Schedule.cron('0 2 ? * SUN *', { windowHours: 1 }).next(8);
    expect(sundays.map(({ opens }) => [opens.getUTCDay(), opens.getUTCHours()])).toEqual(Array(8).fill([0, 2]));
  });
});
