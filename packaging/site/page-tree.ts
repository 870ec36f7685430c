import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A page as the site's side bar lists it: under the page that links to it first. */
export interface Page {
  readonly file: string;
  readonly title: string;
  readonly pages: readonly Page[];
}

/** A heading of README.md, and the pages that its section links to. */
export interface Group {
  readonly title: string;
  readonly pages: readonly Page[];
}

/**
 * README.md's sections are the site's groups: one list for those who read on GitHub and on the site. A page that README.md
 * does not link to stands under the first page that does.
 * @throws if no page links to one of the files
 */
export function pageTree(root: string, files: readonly string[]): Group[] {
  const left = new Set(files);
  left.delete('README.md');
  const take = (names: readonly string[]) => names.filter((name) => left.delete(name));
  // A page in the folder of another one, such as docs/read/pg.md, goes under that one.
  const mayHold = (file: string, to: string) =>
    [file, undefined].includes(files.find((each) => each === `${path.dirname(to)}.md`));
  const withPages = (file: string): Page => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const title = /^# (.*)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? file;
    return { file, title, pages: take(linkedPages(file, text).filter((to) => mayHold(file, to))).map(withPages) };
  };
  const sections = readFileSync(path.join(root, 'README.md'), 'utf8').split(/^#+ /m).slice(1);
  // README's own links first: they do not go under one another. A list or a table of pages has what it begins with; what no
  // list has, the first section that mentions it.
  const listed = sections.map((section) => take(listedPages(section)));
  const groups = sections.map((section, index) => ({
    title: section.split('\n')[0] ?? '',
    files: [...(listed[index] ?? []), ...take(linkedPages('README.md', section))],
  }));
  const tree = groups
    .filter((group) => group.files.length > 0)
    .map((group) => ({ title: group.title, pages: group.files.map(withPages) }));
  if (left.size > 0) throw new Error(`No page links to ${[...left].join(', ')}. Link to it from README.md.`);
  return tree;
}

/** Those at the beginning of an item of a list, or of a row. */
function listedPages(text: string): string[] {
  return linkedPages(
    'README.md',
    [...text.matchAll(/^(?:- |\| )(\[.*?\]\([^)]*\))/gm)].map(([, link]) => link).join('\n'),
  );
}

function linkedPages(from: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#]+\.md)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
    path.posix.join(path.posix.dirname(from), link),
  );
}
