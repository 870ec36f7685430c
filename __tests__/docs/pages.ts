import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What people read: the pages that are written by hand. */
export const pages = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('api'))
    .map((file) => `docs/${file}`)
    .sort(),
];

export const readPage = (page: string): string => readFileSync(path.join(root, page), 'utf8');

export interface Block {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

/** The blocks of one language, also those within a list. */
export function blocksOf(page: string, language: string): Block[] {
  const text = readPage(page);
  const found = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms'));
  return [...found].map(({ index, 1: indent = '', 2: code = '' }) => ({
    page,
    line: text.slice(0, index).split('\n').length,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** The only block of a page that has this text. */
export function blockWith(page: string, language: string, part: string): string {
  const [block, ...others] = blocksOf(page, language).filter(({ code }) => code.includes(part));
  if (block === undefined || others.length > 0)
    throw new Error(`${page} has ${others.length + (block ? 1 : 0)} blocks with ${part}.`);
  return block.code;
}

/** All tables of a page, row by row: the head, the line below it, and the others. */
export const tablesOf = (page: string): string[][][] =>
  (
    readPage(page)
      .replaceAll(/^( *)```.*?^\1```/gms, '')
      .match(/^ *\|.*\n(?: *\|.*\n?)+/gm) ?? []
  ).map(rowsOf);

/** The rows of the table whose head begins with such a cell, without the head. */
export function tableOf(page: string, firstCell: RegExp, nth = 0): string[][] {
  const found = tablesOf(page).filter((rows) => firstCell.test(rows[0]?.[0] ?? ''));
  const table = found[nth];
  if (table === undefined) throw new Error(`${page} has ${found.length} tables that begin with ${firstCell}.`);
  return table.slice(2);
}

/** A `|` within a cell is written `\|`. */
const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** What stands in backticks. */
export const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
