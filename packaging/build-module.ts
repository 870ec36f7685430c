/**
 * `npm run package:module`: the Terraform module as it is tagged and published, in `dist/terraform-aws-rotaform` or the folder that
 * is given. The same sources make the same bytes on every machine.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { bundleTarget } from '../constructs/code/bundle-target.ts';
import { helperNames, targetNames } from '../rules/targets.ts';
import { copyPages } from './module-pages.ts';
import { moduleReadme } from './module-readme.ts';
import { moduleSources, packageList } from './module-sources.ts';

const [, , out = 'dist/terraform-aws-rotaform'] = process.argv;
const archives = path.join(out, 'modules/function/archives');
/** Zip knows no time before 1980, and none of a time zone. */
const MTIME = new Date(1980, 0, 1);

const bundles = mkdtempSync(path.join(tmpdir(), 'rotaform-bundles-'));
rmSync(out, { recursive: true, force: true });
cpSync('modules', path.join(out, 'modules'), { recursive: true });
cpSync('examples/terraform', path.join(out, 'examples'), { recursive: true });
copyPages(path.join(out, 'docs'));
mkdirSync(archives, { recursive: true });
const functions = Object.fromEntries(
  [...targetNames, ...helperNames].map((target) => {
    const folder = path.join(bundles, target);
    bundleTarget(target, folder);
    const files = readdirSync(folder).sort();
    const zip = zipSync(
      Object.fromEntries(
        files.map((file) => [
          file,
          [readFileSync(path.join(folder, file)), { mtime: MTIME, os: 3, attrs: 0o644 << 16 }],
        ]),
      ),
      { level: 9 },
    );
    writeFileSync(path.join(archives, `${target}.zip`), zip);
    return [target, { sha256: createHash('sha256').update(zip).digest('hex'), bytes: zip.length }];
  }),
);
rmSync(bundles, { recursive: true });
const sources = moduleSources();
for (const { name, text, usage, made, names } of sources) {
  const folder = path.join('modules', name);
  writeFileSync(
    path.join(out, folder, 'README.md'),
    moduleReadme(name, text, { usage, made, names, pages: '../../docs' }),
  );
  // The root module is a password, which is what most begin with.
  if (name !== 'password') continue;
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.tf'))) {
    const atRoot = readFileSync(path.join(folder, file), 'utf8')
      .replaceAll('"../', '"./modules/')
      .replaceAll(/(\$\{path\.module\})\/\.\.\//g, '$1/modules/');
    writeFileSync(path.join(out, file), atRoot);
  }
  const about = { usage, made, names, pages: 'docs', list: packageList(sources) };
  writeFileSync(path.join(out, 'README.md'), moduleReadme('terraform-aws-rotaform', text, about));
}
for (const file of ['LICENSE', 'CHANGELOG.md']) cpSync(file, path.join(out, file));
writeFileSync(path.join(out, 'functions.json'), `${JSON.stringify(functions, undefined, 2)}\n`);
console.log(
  `The Terraform module is in ${path.resolve(out)}. Use it by that path: source = "${path.resolve(out)}//modules/password"`,
);
