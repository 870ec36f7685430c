import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { codesIn, readPage } from '../pages.ts';

/** What compares a table with the code, or why nothing can. It gets the rows without the head. */
export type Judge = (rows: readonly (readonly string[])[], page: string) => unknown;

const sourcesOf = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && !/node_modules|^dist/.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));

const code = ['client', 'commands', 'constructs', 'lambda', 'local', 'rules', 'testing']
  .flatMap((folder) => sourcesOf(folder, /\.(ts|mjs|cjs)$/))
  .join('\n');

/** All that is not a test or a page, with single spaces: a message is cut there at any place. */
const sources = [
  code,
  ...sourcesOf('modules', /\.tf$/),
  ...['help', 'package.json', '.github/workflows/terraform.yml'].map((file) => readFileSync(file, 'utf8')),
]
  .join('\n')
  .replaceAll(/['"`] \+\s+['"`]/g, '')
  .replaceAll(/\s+/g, ' ');

/** A test that compares it: that file speaks of the page. */
export const by =
  (file: string): Judge =>
  (_rows, page) =>
    expect([file, isAbout(file, page)]).toEqual([file, true]);

/** One test reads all pages. */
const isAbout = (file: string, page: string): boolean =>
  file === 'docs.test.ts' || readFileSync(path.join('__tests__', file), 'utf8').includes(path.basename(page));

/** Nothing of the code. */
export const prose =
  (_why: string): Judge =>
  () => {};

/** What others say of their products, with a link to where they say it. */
export const facts =
  (source: string): Judge =>
  (_rows, page) =>
    expect(readPage(page)).toContain(source);

/** What a row rests on. */
export type Ground =
  /** Words that the code says. */
  | string
  /** A part of a test's title, and the file. */
  | readonly [file: string, title: string]
  /** A page of AWS's, or of another product's, to which the page links. */
  | { readonly source: string }
  /** What Rotaform does not do, and why no test can show it. */
  | { readonly limit: string };

/** Each row rests on its grounds, by how the row begins. What a row without any has in backticks, the code says. */
export const rows =
  (grounds: Readonly<Record<string, Ground | readonly Ground[]>> = {}): Judge =>
  (table, page) => {
    const beginnings = Object.keys(grounds);
    const texts = table.map(([first = '', second = '']) => (first === '' ? second : first));
    const of = (text: string) => beginnings.findLast((each) => text.startsWith(each));
    expect(texts.flatMap((text) => of(text) ?? []).toSorted()).toEqual(beginnings.toSorted());
    const others = texts.filter((text) => of(text) === undefined);
    expect(others.filter((text) => codesIn(text).length === 0)).toEqual([]);
    expect(others.flatMap(codesIn).filter((code) => !sources.includes(code))).toEqual([]);
    const all = Object.values(grounds).flatMap(groundsOf);
    expect(all.filter((ground) => !holds(ground, page))).toEqual([]);
  };

/** Either one, or several. */
const groundsOf = (each: Ground | readonly Ground[]): readonly Ground[] =>
  Array.isArray(each) && typeof each[0] !== 'string' ? (each as readonly Ground[]) : [each as Ground];

function holds(ground: Ground, page: string): boolean {
  if (typeof ground === 'string') return sources.includes(ground);
  if ('limit' in ground) return ground.limit !== '';
  if ('source' in ground) return readPage(page).includes(ground.source);
  const [file, title] = ground;
  if (title === '') return false;
  return readFileSync(path.join('__tests__', file), 'utf8').includes(title);
}

/** The codes of the first column are among those of a union. With `all`: they are these, and no other. */
export const codes =
  (file: string, type: string, all?: 'all'): Judge =>
  (table) => {
    const [, union = ''] = new RegExp(`type ${type} =([^;]+);`).exec(readFileSync(file, 'utf8')) ?? [];
    const known = [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
    const named = table.flatMap(([cell = '']) => codesIn(cell).map((code) => code.replaceAll("'", '')));
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
    if (all) expect(named.toSorted()).toEqual(known.toSorted());
  };

/** Codes of the functions that can come from every strategy. */
const OF_ALL = ['SECRET_VALUE', 'INTERNAL'];

/** The first column has each code that these folders give, and no other. */
export const codesOf =
  (...folders: readonly string[]): Judge =>
  (table) => {
    const [, union = ''] = /type RotationErrorCode =([^;]+);/.exec(code) ?? [];
    const given = folders.flatMap((folder) => sourcesOf(folder, /\.ts$/)).join('\n');
    const named = table.flatMap(([cell = '']) => codesIn(cell));
    const expected = [...union.matchAll(/'(\w+)'/g)]
      .map(([, each = '']) => each)
      // EVENT is a privilege of MySQL, too.
      .filter((each) => each !== 'EVENT' && given.includes(`'${each}'`));
    expect(named.filter((each) => !OF_ALL.includes(each)).toSorted()).toEqual(
      expected.filter((each) => !OF_ALL.includes(each)).toSorted(),
    );
  };

/** The source of an interface: each member with its comment. */
function interfaceOf(type: string): string {
  const [, body] = new RegExp(`interface ${type}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms').exec(code) ?? [];
  if (body === undefined) throw new Error(`There is no interface ${type}.`);
  return body;
}

const membersOf = (type: string): string[] =>
  [...interfaceOf(type).matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, name = '']) => name);

/** The first column names members of these interfaces; if it has to name all, all but those that stand elsewhere. */
export const members =
  (types: string, elsewhere?: readonly string[], pattern = /./): Judge =>
  (table) => {
    const all = types.split(' ').flatMap(membersOf);
    const named = table
      .flatMap(([cell = '']) => codesIn(cell).map((code) => /^\w+/.exec(code)?.[0] ?? ''))
      .filter((name) => pattern.test(name));
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !all.includes(name))).toEqual([]);
    if (elsewhere) expect(all.filter((name) => !named.includes(name) && !elsewhere.includes(name))).toEqual([]);
  };

/** A default in the second column is the one of the interface's comment. */
export const defaults =
  (type: string): Judge =>
  (table) => {
    for (const [cell = '', said = ''] of table) {
      const [option = ''] = codesIn(cell);
      const [, text = ''] =
        new RegExp(`@default (.*?)(?: \\*/)?\\n(?:   \\*/\\n)?  readonly ${option}\\?`).exec(interfaceOf(type)) ?? [];
      const literal = codesIn(said)[0] ?? said;
      if (/^(\d+|'.*'|[A-Z]+)$/.test(literal)) expect(text, option).toContain(literal);
    }
  };

/** The first column has the values of a union, and no other; what is left out may have a row of its own. */
export const valuesOf =
  (file: string, type: string): Judge =>
  (table) => {
    const [, union = ''] = new RegExp(`type ${type} =([^;]+);`).exec(readFileSync(file, 'utf8')) ?? [];
    const known = [...union.matchAll(/'([\w-]+)'/g)].map(([, value = '']) => value);
    const named = table.flatMap(([cell = '']) => codesIn(cell).map((each) => each.replaceAll("'", '')));
    expect(named.toSorted()).toEqual(known.toSorted());
  };

/** All judges judge. */
export const both =
  (...judges: readonly Judge[]): Judge =>
  async (table, page) => {
    for (const judge of judges) await judge(table, page);
  };

/** The names of a list stand in the first column, and no other. */
export const names =
  (list: () => readonly string[], pattern = /^.*$/): Judge =>
  (table) => {
    const named = table.flatMap(([cell = '']) => codesIn(cell).filter((each) => pattern.test(each)));
    expect(named.toSorted()).toEqual([...list()].toSorted());
  };
