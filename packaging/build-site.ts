/** `npm run site`: builds the site from README.md and docs/ into dist/site. Another folder may be given. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brokenLinks } from './site/broken-links.ts';
import { pageTree } from './site/page-tree.ts';

const [out = 'dist/site', root = '.'] = process.argv.slice(2);
/** Not among the development dependencies: it weighs 102 MB. */
const TOOL = 'node_modules/.cache/rotaform/vitepress';
const BIN = path.resolve(TOOL, 'node_modules/vitepress/bin/vitepress.js');

if (!existsSync(BIN)) {
  const flags = ['--no-save', '--no-audit', '--no-fund', '--silent', '--prefix', TOOL];
  execFileSync('npm', ['install', ...flags, 'vitepress@1.6.4'], { stdio: 'inherit' });
}
const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`);
const pages = ['README.md', 'DESIGN.md', 'SECURITY.md', 'CHANGELOG.md', ...docs.filter((file) => file.endsWith('.md'))];

// Within TOOL, so that its pages find Vue.
const folder = mkdtempSync(path.join(TOOL, 'site-'));
try {
  const config = path.join(folder, '.vitepress');
  mkdirSync(config);
  cpSync('packaging/site/vitepress.config.ts', path.join(config, 'config.ts'));
  writeFileSync(path.join(config, 'pages.json'), JSON.stringify(pageTree(root, pages)));
  cpSync(path.join(root, 'docs/images'), path.join(folder, 'docs/images'), { recursive: true });
  for (const page of pages) {
    const text = readFileSync(path.join(root, page), 'utf8').replaceAll(/(\]\([^):]*)README\.md/g, '$1index.md');
    const to = path.join(folder, page.replace(/^README/, 'index'));
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, text);
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BIN, 'build', folder, '--outDir', path.resolve(out)],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`VitePress did not build the site.\n${stdout}${stderr}`);
} finally {
  rmSync(folder, { recursive: true });
}
const broken = brokenLinks(out);
if (broken.length > 0) throw new Error(`These links lead nowhere:\n${broken.join('\n')}`);
console.log(`${out}/index.html and ${pages.length - 1} other pages. Any web server shows them, without a network.`);
