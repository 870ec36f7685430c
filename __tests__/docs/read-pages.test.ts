import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { hasDrivers, noDrivers } from '../client/drivers.ts';
import { runCommand } from '../run-command.ts';
import { entries, recipeFolder, root } from './recipe.ts';

const pages = readdirSync(path.join(root, 'docs/read')).filter((page) => page !== 'nestjs.md');

/** What a page leaves to its reader, or to a generator. */
const more = {
  'driver.ts': 'export declare const driver: any;\n',
  'generated/client.ts': 'export declare const PrismaClient: any;\n',
};

it(`docs/read/ has TypeScript that compiles${hasDrivers ? '' : noDrivers}`, { skip: !hasDrivers }, async () => {
  const folder = recipeFolder('pg.md', { more });
  for (const page of pages) cpSync(recipeFolder(page, { more }), path.join(folder, page), { recursive: true });
  writeFileSync(path.join(folder, 'pg.md/wrong.ts'), 'export const wrong: number = "no number";\n');
  const options = {
    ...JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8')).compilerOptions,
    // Express and others bring no types, nor does Prisma, which is elsewhere.
    noImplicitAny: false,
    paths: { ...Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, [file]])) },
    typeRoots: [path.join(root, 'node_modules/@types')],
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*/*.ts'] }));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await runCommand(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  const absent = /error TS(2307|7016): .*'@prisma\/adapter-pg'/;
  const errors = stdout.split('\n').filter((line) => line !== '' && !absent.test(line));
  expect(errors).toEqual([expect.stringMatching(/wrong\.ts.*TS2322/)]);
});

it('docs/read/ has no TypeScript that does not say which file it is', () => {
  for (const page of [...pages, '../read.md']) {
    const blocks = readFileSync(path.join(root, 'docs/read', page), 'utf8').match(/^```typescript\n.*/gm) ?? [];
    for (const block of blocks) expect(block, page).toMatch(/\n\/\/ [\w./-]+\.ts$/);
  }
});

it('docs/read.md links to every page', () => {
  const start = readFileSync(path.join(root, 'docs/read.md'), 'utf8');
  for (const page of readdirSync(path.join(root, 'docs/read'))) expect(start).toContain(`](read/${page}`);
});
