import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { brokenLinks } from '../../packaging/site/broken-links.ts';
import { pageTree } from '../../packaging/site/page-tree.ts';
import { cachedTool } from '../cached-tool.ts';
import { runCommand, tsx } from '../run-command.ts';

const hasVitepress = cachedTool('vitepress/node_modules/vitepress/package.json') !== undefined;
const missing = hasVitepress ? '' : ' (skipped: VitePress is not installed; .ci/install-tools does it)';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-site-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

describe('npm run site', () => {
  it.skipIf(!hasVitepress)(`builds every page, and every link leads to a page and a heading${missing}`, async () => {
    const site = folderWith({});
    const { exitCode, stderr } = await runCommand(process.execPath, [...tsx('packaging/build-site.ts'), site]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const made = readdirSync(path.join(site, 'docs'), { recursive: true, encoding: 'utf8' });
    const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
    expect(made).toEqual(expect.arrayContaining(pages.map((file) => file.replace(/md$/, 'html'))));
    const front = readFileSync(path.join(site, 'index.html'), 'utf8');
    expect(front).toContain('<title>Rotaform');
    expect(front).not.toContain('{{');
    expect(readFileSync(path.join(site, 'docs/ci.html'), 'utf8')).toContain('{{ secrets.FIRST_PASSWORD }}');
    // The side bar, without a script.
    expect(front).toContain('href="/docs/postgres.html"');
    // Nothing is loaded from elsewhere: styles and fonts, too.
    const assets = readdirSync(path.join(site, 'assets')).filter((file) => file.endsWith('.css'));
    for (const file of assets)
      expect(readFileSync(path.join(site, 'assets', file), 'utf8')).not.toMatch(/url\(["']?https?:|@import/);
  });

  it('reports an empty page, a link to a page or a heading that does not exist, and whatever a browser would load from elsewhere', () => {
    const site = folderWith({
      'index.html':
        '<h1>Start</h1><a href="/a.html#here">a</a><a href="/a.html#gone">b</a><a href="b.html">c</a><a href="https://x.y">d</a>',
      'a.html': '<h2 id="here"></h2><script src="https://cdn.example/x.js"></script><img alt="" src="/none.svg">',
    });
    expect(brokenLinks(site).toSorted()).toEqual([
      'a.html: /none.svg',
      'a.html: has no heading',
      'a.html: https://cdn.example/x.js',
      'index.html: /a.html#gone',
      'index.html: b.html',
    ]);
  });

  it('puts each page under the first page that links to it, and refuses one that no page links to', () => {
    const folder = folderWith({
      'README.md': '# Name\n\n## Use\n\n- [A](a.md)\n',
      'a.md': '# The page A\n\nSee [b](b.md#part) and [the start](README.md).\n',
      'b.md': '# The page B\n',
      'c.md': '# The page C\n',
    });
    expect(pageTree(folder, ['README.md', 'a.md', 'b.md'])).toEqual([
      {
        title: 'Use',
        pages: [{ file: 'a.md', title: 'The page A', pages: [{ file: 'b.md', title: 'The page B', pages: [] }] }],
      },
    ]);
    expect(() => pageTree(folder, ['README.md', 'a.md', 'b.md', 'c.md'])).toThrow('No page links to c.md.');
  });

  it('puts each page under the section that lists it, and one in a folder under the page of that folder', () => {
    const folder = folderWith({
      'README.md':
        '# Name\n\nSee [B](docs/b.md).\n\n## Use\n\n| [A](docs/a.md) |\n\n## More\n\n- [B](docs/b.md), as [A](docs/a.md)\n',
      'docs/a.md': '# A\n\nSee [one of B](b/one.md).\n',
      'docs/b.md': '# B\n\nSee [one](b/one.md).\n',
      'docs/b/one.md': '# One\n',
    });
    const one = { file: 'docs/b/one.md', title: 'One', pages: [] };
    expect(pageTree(folder, ['README.md', 'docs/a.md', 'docs/b.md', 'docs/b/one.md'])).toEqual([
      { title: 'Use', pages: [{ file: 'docs/a.md', title: 'A', pages: [] }] },
      { title: 'More', pages: [{ file: 'docs/b.md', title: 'B', pages: [one] }] },
    ]);
  });
});
