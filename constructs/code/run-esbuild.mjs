// Runs esbuild once, in a process of its own: constructs are made synchronously, and esbuild's plugins are asynchronous.
// Standard input: {"entry", "outfile", "trim"}, with absolute paths. Standard output: {"errors": […]} or {"warnings": […],
// "exports": […], "unmet": […], "packages": […]}, as JSON. The licenses of the packages stand beside the bundle.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { bundledPackages, NOTICES, thirdPartyNotices } from './third-party-notices.mjs';
import { neverLoaded, ownVersion, trimmedFurther, trimmedMysql2, trimmedPg, trimmedSdk } from './trim-bundle.mjs';

const unmet = new Set();
const { entry, outfile, trim } = JSON.parse(await text(process.stdin));
try {
  const { warnings, metafile } = await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: path.dirname(entry),
    bundle: true,
    // An ES module that imports node:http loads undici: 50 ms of a cold start.
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
    external: neverLoaded,
    plugins: [trimmedSdk, ownVersion, ...(trim ? [trimmedPg, trimmedMysql2, trimmedFurther(unmet)] : [])],
    minify: true,
    // What these say is in the file beside the bundle, where it costs no cold start.
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  // What esbuild writes so that Node.js can tell the names that a CommonJS file exports.
  const [, names = ''] = readFileSync(outfile, 'utf8').match(/0&&\(module\.exports=\{([^}]*)\}\)/) ?? [];
  const exported = names.split(',').map((name) => name.trim());
  const packages = bundledPackages(metafile, path.dirname(entry));
  writeFileSync(path.join(path.dirname(outfile), NOTICES), thirdPartyNotices(packages));
  process.stdout.write(JSON.stringify({ warnings, exports: exported, unmet: [...unmet], packages }));
} catch (error) {
  if (!(error instanceof Error) || !('errors' in error)) throw error;
  process.stdout.write(JSON.stringify({ errors: error.errors }));
}
