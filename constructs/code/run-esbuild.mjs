// Runs esbuild once, in a process of its own: a construct is made synchronously, and esbuild's plugins are not.
// Standard input: {"entry", "outfile"}, absolute paths. Standard output: {"errors": […]} or {"exports": […]}, as JSON.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { neverLoaded, trimmedFurther, trimmedPg, trimmedSdk } from './trim-bundle.mjs';

const lambda = fileURLToPath(new URL('../../lambda', import.meta.url));
const { entry, outfile } = JSON.parse(await text(process.stdin));
try {
  await build({
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
    plugins: [trimmedSdk, ...(path.dirname(entry) === lambda ? [trimmedPg, trimmedFurther] : [])],
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  // What esbuild writes so that Node.js can tell the names that a CommonJS file exports.
  const [, names = ''] = readFileSync(outfile, 'utf8').match(/0&&\(module\.exports=\{([^}]*)\}\)/) ?? [];
  process.stdout.write(JSON.stringify({ exports: names.split(',').map((name) => name.trim()) }));
} catch (error) {
  if (!(error instanceof Error) || !('errors' in error)) throw error;
  process.stdout.write(JSON.stringify({ errors: error.errors }));
}
