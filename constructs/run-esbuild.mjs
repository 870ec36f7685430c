// Runs esbuild once, in a process of its own: a construct is made synchronously, and esbuild's plugins are not.
// Standard input: {"entry", "outfile"}, absolute paths. Standard output: {"errors": […]} or {"exports": […]}, as JSON.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Parts of the AWS SDK that only lazy imports reach. With the credentials that Lambda always puts into the environment
 * none of them runs; without, `require` finds the SDK of Lambda's own runtime.
 */
const neverLoaded = [
  ...['sso', 'ini', 'process', 'web-identity', 'http', 'login'].map((name) => `@aws-sdk/credential-provider-${name}`),
  '@aws-sdk/token-providers',
  '@aws-sdk/nested-clients/*',
  '@smithy/credential-provider-imds',
  '@smithy/core/event-streams',
];

/** @type {import('esbuild').Plugin} Leaves out what the AWS SDK carries but never uses in Lambda. */
const trimmedSdk = {
  name: 'trimmed-sdk',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]client-secrets-manager[\\/]package\.json$/ }, ({ path: file }) => {
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    // SHA-256 in JavaScript, for a Node.js without node:crypto.
    onLoad({ filter: /[\\/]checksum[\\/]sha256[\\/]Sha256Js\.js$/ }, () => ({
      contents: 'export const Sha256Js = undefined;',
    }));
  },
};

/**
 * @type {import('esbuild').Plugin} Leaves out what node-postgres reaches only without a password (pgpass), with a connection
 * string, with channel binding, or on Cloudflare: functions of `lambda/` do none of that, but a user's own might.
 */
const trimmedPg = {
  name: 'trimmed-pg',
  setup({ onLoad }) {
    const unused =
      /node_modules[\\/](pgpass|pg-connection-string|pg-cloudflare|pg[\\/]lib[\\/]crypto[\\/]cert-signatures)\b/;
    onLoad({ filter: unused }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * @type {import('esbuild').Plugin} Leaves out of the AWS SDK what functions of `lambda/` never do, but a user's own might:
 * adaptive retries, signed event streams, asking an EC2 instance for its region.
 */
const trimmedFurther = {
  name: 'trimmed-further',
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/](DefaultRateLimiter|HeaderFormatter|getInstanceMetadataRegion)\.js$/ },
      ({ path: file }) => ({
        contents: `export class ${path.basename(file, '.js')} {}`,
      }),
    );
  },
};

const lambda = fileURLToPath(new URL('../lambda', import.meta.url));
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
