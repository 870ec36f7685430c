/** `npm run api`: writes docs/api, the reference of every public name, from the docstrings. Another folder may be given. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wrapMarkdown } from './wrap-markdown.ts';

const [out = 'docs/api'] = process.argv.slice(2);
/** Not among the development dependencies: TypeDoc needs an older TypeScript than the one that checks this project. */
const TOOL = 'node_modules/.cache/rotaform/typedoc';
const PACKAGES = ['typedoc@0.28.20', 'typedoc-plugin-markdown@4.14.1', 'typescript@5.9.3'];
/** By the page that TypeDoc writes: which import it documents, and the page's own name. */
const PAGES = [
  ['constructs.md', 'rotaform', 'rotaform.md'],
  ['lambda/rotation.md', 'rotaform/lambda', 'lambda.md'],
  ['local.md', 'rotaform/local', 'local.md'],
  ['testing.md', 'rotaform/testing', 'testing.md'],
  ['harness/throw-away-postgres.md', 'rotaform/testing/postgres', 'testing-postgres.md'],
  ['harness/throw-away-mariadb.md', 'rotaform/testing/mariadb', 'testing-mariadb.md'],
  ['client.md', 'rotaform-client', 'client.md'],
] as const;

if (!existsSync(path.join(TOOL, 'node_modules/typedoc'))) {
  const flags = ['--no-save', '--no-audit', '--no-fund', '--silent', '--prefix', TOOL];
  execFileSync('npm', ['install', ...flags, ...PACKAGES], { stdio: 'inherit' });
}
const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-api-'));
try {
  const modules = path.join(TOOL, 'node_modules');
  const plugin = path.resolve(modules, 'typedoc-plugin-markdown/dist/index.js');
  const typedoc = [
    path.join(modules, 'typedoc/bin/typedoc'),
    '--options',
    'packaging/typedoc.json',
    '--plugin',
    plugin,
  ];
  execFileSync(process.execPath, [...typedoc, '--out', folder], { stdio: 'inherit' });
  mkdirSync(out, { recursive: true });
  for (const [from, name, to] of PAGES) {
    const [, ...rest] = readFileSync(path.join(folder, from), 'utf8').split('\n');
    const made = 'Made by `npm run api` from the docstrings. Change those.';
    writeFileSync(
      path.join(out, to),
      `# ${name}\n\n${made}\n${wrapMarkdown(rightAnchors(rest.join('\n'))).trimEnd()}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** TypeDoc numbers the anchor of a type that has a property of the same name, as if that were a heading before it. */
function rightAnchors(page: string): string {
  const headings = new Set([...page.matchAll(/^#+ (\w+)/gm)].map(([, name = '']) => name.toLowerCase()));
  const isUnique = (name: string) => page.match(new RegExp(`^#+ ${name}\\b`, 'gim'))?.length === 1;
  return page.replaceAll(/\]\(#(\w+)-1\)/g, (link, name: string) =>
    headings.has(name) && isUnique(name) ? `](#${name})` : link,
  );
}
