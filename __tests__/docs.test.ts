import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { synthWarnings } from './constructs/synth-warnings.ts';
import { declarationOf, isDeclaration, PREAMBLE } from './docs/declarations.ts';
import { blocksOf, pages as written } from './docs/pages.ts';
import { runCommand } from './run-command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const pages = [...written, 'DESIGN.md'];
const { scripts } = JSON.parse(read('package.json'));

/** The properties of each public interface of options, as the API reference lists them. */
function publicOptions(): { of: string; option: string }[] {
  return readdirSync(path.join(root, 'docs/api')).flatMap((file) => {
    const sections = read(`docs/api/${file}`).split(/^### /m).slice(1);
    return sections.flatMap((section) => {
      const [, of = ''] = /^(\w+(?:Options|Props|UnderTest))$/m.exec(section.split('\n')[0] ?? '') ?? [];
      const [, properties = ''] = section.split('#### Properties\n');
      if (of === '') return [];
      return [...properties.matchAll(/^##### (\w+)\??$/gm)].map(([, option = '']) => ({ of: `${file} ${of}`, option }));
    });
  });
}

describe('the documentation', () => {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist/docs-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has TypeScript that compiles', () => {
    const blocks = pages.flatMap((page) => blocksOf(page, 'ts').map(({ code }) => code));
    expect(blocks.length).toBeGreaterThan(5);
    for (const [index, code] of blocks.entries()) {
      const text = /^import /m.test(code) ? code : `${PREAMBLE}${code}`;
      writeFileSync(path.join(folder, `block-${index}.ts`), `${text}\nexport {};\n`);
    }
    const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    expect(spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout).toBe('');
  });

  it('has declarations that synthesize, without a warning', async () => {
    let declared = 0;
    for (const page of pages) {
      for (const { code } of blocksOf(page, 'ts').filter((block) => isDeclaration(block.code))) {
        declared += 1;
        const declare = await declarationOf(code, folder, `declaration-${declared}`);
        expect({ page, declared, warnings: synthWarnings(declare) }).toEqual({ page, declared, warnings: [] });
      }
    }
    expect(declared).toBeGreaterThan(10);
  });

  it('has programs that run, if it says that they run', async () => {
    const programs = pages.flatMap((page) =>
      [...read(page).matchAll(/^<!-- runs -->\n+```ts\n(.*?)^```/gms)].map(([, code = '']) => ({ page, code })),
    );
    expect(programs.length).toBeGreaterThan(0);
    await Promise.all(
      programs.map(async ({ page, code }, index) => {
        const file = path.join(folder, `program-${index}.ts`);
        writeFileSync(file, /^import /m.test(code) ? code : `${PREAMBLE}${code}`);
        const { exitCode, stdout, stderr } = await runCommand(process.execPath, ['--import', 'tsx', file]);
        expect({ page, exitCode, stderr }).toEqual({ page, exitCode: 0, stderr: '' });
        // A comment that ends with an ellipsis is how the output begins.
        for (const [, said = ''] of code.matchAll(/^console\.log\(.*\); \/\/ (.*) …$/gm))
          expect(stdout).toContain(said);
      }),
    );
  });

  it('names only npm scripts that exist', () => {
    for (const page of [...pages, 'help', 'main.ts']) {
      const named = [...read(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script);
      for (const script of named) expect(scripts, `npm run ${script} in ${page}`).toHaveProperty(script ?? '');
    }
    expect(scripts).toHaveProperty('start');
    expect(scripts).toHaveProperty('test');
  });

  it('has a page that names each public option', () => {
    const text = pages.map(read).join('\n');
    const unnamed = publicOptions().filter(
      ({ option }) => !new RegExp(`[\`.{ (]${option}(?:[\`(?:,]| [:}])`).test(text),
    );
    expect(unnamed).toEqual([]);
    expect(publicOptions().length).toBeGreaterThan(50);
  });

  it('links to files that exist', () => {
    for (const page of pages) {
      for (const [, link = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        expect(() => readFileSync(path.join(root, path.dirname(page), link)), `${link} in ${page}`).not.toThrow();
      }
    }
  });

  it('names project files that exist', () => {
    const named = /`(?:npx tsx )?((?:constructs|lambda|local|rules|docs|examples|bench|__tests__)\/[\w./-]+\.\w+)`/g;
    for (const page of pages) {
      for (const [, file = ''] of read(page).matchAll(named))
        expect(() => read(file), `${file} in ${page}`).not.toThrow();
    }
  });

  it('describes each schedule as the schedule describes itself', async () => {
    const { Schedule } = await import('rotaform');
    expect(Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 }).describe()).toMatch(/^At 08:00/);
    expect(() => Schedule.rate({ hours: 1 })).toThrow(/four hours/);
    const sundays = Schedule.cron('0 2 ? * SUN *', { windowHours: 1 }).next(8);
    expect(sundays.map(({ opens }) => [opens.getUTCDay(), opens.getUTCHours()])).toEqual(Array(8).fill([0, 2]));
  });
});
