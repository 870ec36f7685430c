// Which packages' code a bundle holds, and what their licenses ask for: their texts, beside the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The name of the file that stands beside a bundle. It is never loaded. */
export const NOTICES = 'THIRD_PARTY_NOTICES';

/** @typedef {import('./bundle-function.ts').BundledPackage} BundledPackage */

/**
 * The packages whose code is in a bundle, each once, by name; without the one that the entry itself belongs to.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} folder esbuild's working directory, which has the entry
 * @returns {BundledPackage[]}
 */
export function bundledPackages(metafile, folder) {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => path.resolve(folder, file));
  const own = packageOf(folder);
  const roots = new Set(files.map((file) => packageOf(path.dirname(file))));
  return [...roots].flatMap((root) => (root === undefined || root === own ? [] : [described(root)])).sort(byName);
}

/**
 * The texts that belong to packages: each once, after the packages and the copyright lines that it stands for.
 * @param {readonly BundledPackage[]} packages
 */
export function thirdPartyNotices(packages) {
  /** @type {Map<string, { titles: string[], text: string }>} */
  const bySense = new Map();
  for (const { name, version, license, text } of packages) {
    const holders = text.match(COPYRIGHT)?.map((line) => `  ${line.trim()}`) ?? [];
    const rest = tidy(text.replace(COPYRIGHT, '')) || 'The package has no text of its license.';
    const sense = rest.replaceAll(/\s+/g, ' ').trim();
    const { titles, text: first } = bySense.get(sense) ?? { titles: [], text: rest };
    const title = `${name} ${version} (${license || 'no license named'})`;
    bySense.set(sense, { titles: [...titles, title, ...holders], text: first });
  }
  const parts = [...bySense.values()].map(({ titles, text }) => `${titles.join('\n')}\n\n${text}\n`);
  return [HEADING, ...parts].join(`\n${RULE}\n\n`);
}

const HEADING = 'This folder also contains code from these packages, under the license after each name.\n';
/** Not the template of such a line, which the Apache License has. */
const COPYRIGHT = /^[ \t]*copyright (?:\(c\)|©|\d{4}).*\n?/gim;
const RULE = '-'.repeat(80);

/**
 * The nearest folder, from one up, whose package.json has a name: others only say which modules are in them.
 * @param {string} folder
 * @returns {string | undefined}
 */
function packageOf(folder) {
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : packageOf(parent);
}

/**
 * @param {string} root
 * @returns {BundledPackage}
 */
function described(root) {
  const { name, version, license, licenses } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const named =
    license?.type ?? license ?? licenses?.map((/** @type {any} */ each) => each.type ?? each).join(' OR ') ?? '';
  return { name, version: version ?? '', license: named, text: licenseText(root) };
}

/** @param {string} root */
function licenseText(root) {
  const names = readdirSync(root).sort();
  const texts = names.filter((name) => /^(licen[cs]e|copying|notice)([-.]|$)/i.test(name));
  const found = texts.map((name) => tidy(readFileSync(path.join(root, name), 'utf8')));
  return found.length > 0 ? found.join('\n\n') : fromReadme(root, names);
}

/**
 * Some packages have their license in a section of their own in README.md alone.
 * @param {string} root
 * @param {readonly string[]} names
 */
function fromReadme(root, names) {
  const readme = names.find((name) => /^readme(\.|$)/i.test(name));
  const text = readme === undefined ? '' : readFileSync(path.join(root, readme), 'utf8');
  const [, section = ''] = /^#+\s*licen[cs]e\b.*$([\s\S]*?)(?=^#|(?![\s\S]))/im.exec(text) ?? [];
  return /copyright|permission is hereby granted/i.test(section) ? tidy(section) : '';
}

/** @param {string} text */
const tidy = (text) =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .replace(/^\n+/, '')
    .trimEnd();

/**
 * @param {BundledPackage} one
 * @param {BundledPackage} other
 */
export function byName(one, other) {
  const [a, b] = [`${one.name}\n${one.version}`, `${other.name}\n${other.version}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
