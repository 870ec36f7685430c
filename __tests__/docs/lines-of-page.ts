import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { entries } from './recipe.ts';

/** A folder in which a page's lines find the project's packages. */
export function folderOfLines(): string {
  mkdirSync('dist', { recursive: true });
  const folder = mkdtempSync(path.resolve('dist/docs-snippet-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What a page's lines export. */
export async function exportsOf<Exports>(code: string): Promise<Exports> {
  const file = path.join(folderOfLines(), 'lines.ts');
  // Published, these are packages of their own.
  writeFileSync(
    file,
    code.replaceAll(/'(rotaform-client[\w/-]*)'/g, (_, name: string) => JSON.stringify(entries[name])),
  );
  return import(file);
}
