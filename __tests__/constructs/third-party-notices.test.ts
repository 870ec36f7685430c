import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type BundledPackage, bundleFunction } from '../../constructs/code/bundle-function.ts';
import { NOTICES } from '../../constructs/code/third-party-notices.mjs';

/** Licenses that ask for their text and a copyright line, and for nothing else. */
const LICENSES = ['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', '0BSD'];
const targets = readdirSync('lambda').filter((name) => name.endsWith('.ts'));

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-notices-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with the license of a package, or nothing. */
function fault({ name, license, text }: BundledPackage): string[] {
  if (!LICENSES.includes(license)) return [`${name}: ${license || 'no license'} is not on the list`];
  return text === '' ? [`${name}: no text of its license`] : [];
}

function bundled(entry: string): { packages: readonly BundledPackage[]; notices: string; code: string } {
  const outdir = mkdtempSync(path.join(folder, 'out-'));
  const { packages } = bundleFunction(entry, outdir);
  const read = (name: string) => readFileSync(path.join(outdir, name), 'utf8');
  return { packages, notices: read(NOTICES), code: read('index.js') };
}

describe.each(targets)('The archive of lambda/%s', (target) => {
  const { packages, notices, code } = bundled(`lambda/${target}`);

  it('contains no package without the text of a license, and no license that is not on the list', () => {
    expect(packages.map(({ name }) => name)).toContain('@aws-sdk/client-secrets-manager');
    expect(packages.flatMap(fault)).toEqual([]);
  });

  it('contains the text and the copyright lines of each, and no text twice', () => {
    for (const { name, version, license, text } of packages) {
      expect(notices).toContain(`\n${name} ${version} (${license})\n`);
      for (const line of text.match(/^[ \t]*copyright (?:\(c\)|©|\d{4}).*$/gim) ?? [])
        expect(notices).toContain(line.trim());
      // Its longest line stands for the text.
      const [longest = ''] = text.split('\n').sort((a, b) => b.length - a.length);
      expect(notices.replaceAll(/\s+/g, ' ')).toContain(longest.trim().replaceAll(/\s+/g, ' '));
    }
    const texts = notices
      .split('-'.repeat(80))
      .map((part) => part.slice(part.indexOf('\n\n', 2)).replaceAll(/\s+/g, ' '));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('does not load it', () => {
    expect(code).not.toContain(NOTICES);
    expect(code).not.toMatch(/Apache License/);
  });
});

describe('The archive of a custom strategy', () => {
  const project = path.join(folder, 'project');

  /** A package that the strategy uses. */
  function installed(name: string, files: Readonly<Record<string, string>>): void {
    const root = path.join(project, 'node_modules', name);
    mkdirSync(root, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(root, file), text);
    writeFileSync(path.join(root, 'index.js'), `exports.value = process.env.${name.toUpperCase()};`);
  }

  it('names each package inside, and no other', () => {
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'my-app' }));
    const text = 'Permission is hereby granted.';
    installed('a', {
      'package.json': JSON.stringify({ name: 'a', version: '1.0.0', license: 'MIT' }),
      LICENSE: `Copyright (c) 2020 A\r\n\r\n${text}  `,
      NOTICE: 'A says so.',
    });
    installed('b', {
      'package.json': JSON.stringify({ name: 'b', version: '2.0.0', license: { type: 'MIT' } }),
      'readme.md': `# b\n\n## License\n\nCopyright (c) 2021 B\n\n${text}\n\nA says so.\n\n## More\n\nOther.\n`,
    });
    installed('c', { 'package.json': JSON.stringify({ name: 'c', version: '3.0.0', license: 'GPL-3.0-only' }) });
    installed('unused', { 'package.json': JSON.stringify({ name: 'unused', version: '4.0.0', license: 'MIT' }) });
    const entry = path.join(project, 'strategy.js');
    const names = ['a', 'b', 'c'];
    const imports = names.map((name) => `import ${name} from '${name}';\n`).join('');
    writeFileSync(entry, `${imports}export const handler = () => [${names.map((name) => `${name}.value`)}];\n`);
    const { packages, notices } = bundled(entry);
    expect(packages.map(({ name, version, license }) => `${name} ${version} ${license}`)).toEqual([
      'a 1.0.0 MIT',
      'b 2.0.0 MIT',
      'c 3.0.0 GPL-3.0-only',
    ]);
    expect(notices.match(/Permission is hereby granted\./g)).toHaveLength(1);
    expect(notices).toContain(
      'a 1.0.0 (MIT)\n  Copyright (c) 2020 A\nb 2.0.0 (MIT)\n  Copyright (c) 2021 B\n\nPermission is hereby granted.\n\nA says so.\n',
    );
    expect(notices).toContain('c 3.0.0 (GPL-3.0-only)\n\nThe package has no text of its license.\n');
    expect(notices).not.toMatch(/unused|my-app/);
    expect(packages.flatMap(fault)).toEqual(['c: GPL-3.0-only is not on the list']);
  });

  it('has the license of the AWS SDK, as in the example', () => {
    const { packages, notices } = bundled('examples/custom-strategy/api-key.ts');
    expect(notices).toContain('\n@aws-sdk/client-secrets-manager ');
    expect(packages.flatMap(fault)).toEqual([]);
  });
});
