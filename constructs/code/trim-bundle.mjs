// What the functions' bundles leave out: esbuild's plugins.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Parts of the AWS SDK that only lazy imports reach. With the credentials that Lambda always puts into the environment
 * none of them runs; without, `require` finds the SDK of Lambda's own runtime.
 */
export const neverLoaded = [
  ...['sso', 'ini', 'process', 'web-identity', 'http', 'login'].map((name) => `@aws-sdk/credential-provider-${name}`),
  '@aws-sdk/token-providers',
  '@aws-sdk/nested-clients/*',
  '@smithy/credential-provider-imds',
  '@smithy/core/event-streams',
];

/** @type {import('esbuild').Plugin} Leaves out what the AWS SDK carries but never uses in Lambda. */
export const trimmedSdk = {
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
export const trimmedPg = {
  name: 'trimmed-pg',
  setup({ onLoad }) {
    const unused =
      /node_modules[\\/](pgpass|pg-connection-string|pg-cloudflare|pg[\\/]lib[\\/]crypto[\\/]cert-signatures)\b/;
    onLoad({ filter: unused }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** What is left of the AWS SDK's files for what functions of `lambda/` never do, but a user's own might. */
const leftOf = {
  // Adaptive retries.
  AdaptiveRetryStrategy: 'export class AdaptiveRetryStrategy {}',
  DefaultRateLimiter: 'export class DefaultRateLimiter {}',
  // Signed event streams.
  HeaderFormatter: 'export class HeaderFormatter {}',
  // Asking an EC2 instance for its region.
  getInstanceMetadataRegion: 'export const getInstanceMetadataRegion = undefined;',
  // Profiles in ~/.aws: a chain of settings goes on to its default.
  fromSharedConfigFiles:
    'export const fromSharedConfigFiles = () => async () => { throw Object.assign(new Error(), { tryNextLink: true }); };',
  // Parameters in a request's path, query and headers: Secrets Manager has all of them in the body.
  HttpBindingNormalizedSchema: `export class HttpBindingNormalizedSchema {}
    export const getHttpOperationBindings = () => [];`,
  // Times as text: Secrets Manager's are seconds, and Retry-After is a date that JavaScript reads itself.
  'date-utils': `const date = (value) => (value == null ? undefined : new Date(value));
    export { date as parseRfc3339DateTime, date as parseRfc3339DateTimeWithOffset, date as parseRfc7231DateTime };
    export const parseEpochTimestamp = (value) => date(value == null ? value : Math.round(value * 1000));
    export const dateToUtcString = (value) => value.toUTCString();`,
  // The header by which Lambda ends loops of queues, topics and buckets.
  recursionDetectionMiddleware: 'export const recursionDetectionMiddleware = () => (next) => (args) => next(args);',
  // Names of buckets.
  s3: `export { resolveParamsForS3, resolveParamsForS3 as isArnBucketName, resolveParamsForS3 as isDnsCompatibleBucketName,
      resolveParamsForS3 as DOT_PATTERN, resolveParamsForS3 as S3_HOSTNAME_PATTERN };
    const resolveParamsForS3 = undefined;`,
};

/** @type {import('esbuild').Plugin} */
export const trimmedFurther = {
  name: 'trimmed-further',
  setup({ onLoad, onEnd }) {
    const names = Object.keys(leftOf).join('|');
    const files = new RegExp(String.raw`[\\/]@(aws-sdk|smithy)[\\/].*[\\/](${names})\.js$`);
    const unmet = new Set(Object.keys(leftOf));
    onLoad({ filter: files }, ({ path: file }) => {
      const name = path.basename(file, '.js');
      unmet.delete(name);
      return { contents: leftOf[name] };
    });
    onEnd(({ errors }) => {
      if (errors.length > 0) return undefined;
      const text = (name) => `The AWS SDK has no ${name}.js: see what took its place, and correct leftOf.`;
      return { errors: [...unmet].map((name) => ({ text: text(name) })) };
    });
  },
};
