import { SecretReadError } from './secret-read-error.ts';
import type { SecretOptions, SecretsCacheOptions } from './secrets-cache.ts';

const CACHE_OPTIONS: readonly (keyof SecretsCacheOptions)[] = [
  'client',
  'maxAgeSeconds',
  'staleWhileRevalidateSeconds',
  'staleIfErrorSeconds',
  'timeoutSeconds',
  'maxSecrets',
];
const SECRET_OPTIONS: readonly (keyof SecretOptions<unknown>)[] = ['schema', 'versionStage', 'expiresAt'];

/** @throws CONFIGURATION names the option, what it holds, and what it may */
export function checkCacheOptions(given: SecretsCacheOptions): void {
  expectKnown(given, CACHE_OPTIONS);
  const { client, ...options } = given;
  if (client !== undefined && !hasCall(client)) fail('option client', 'has no send method', 'a SecretsManagerClient');
  const { maxAgeSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds, timeoutSeconds, maxSecrets } = options;
  expectFrom(0, { maxAgeSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds });
  expectFrom(0.1, { timeoutSeconds });
  expectFrom(1, { maxSecrets });
  if ((timeoutSeconds ?? 1) > 900) fail('option timeoutSeconds', `is ${timeoutSeconds}`, '900 at most');
}

/** @throws CONFIGURATION the same for a secret */
export function checkSecret<Value>(secretId: unknown, options: Partial<SecretOptions<Value>>): void {
  expectText('secret id', secretId);
  expectKnown(options, SECRET_OPTIONS);
  expectText('option versionStage', options.versionStage ?? 'AWSCURRENT');
  const { schema, expiresAt } = options;
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
    fail('option schema', 'has no ~standard.validate', 'a Standard Schema, such as one of valibot, zod or arktype');
  }
  if (expiresAt !== undefined && typeof expiresAt !== 'function') fail('option expiresAt', 'is none', 'a function');
}

function hasCall(client: object | null): boolean {
  const { send, getSecretValue } = (client ?? {}) as Readonly<Record<string, unknown>>;
  return typeof send === 'function' || typeof getSecretValue === 'function';
}

function expectText(what: string, found: unknown): void {
  if (found === '' || typeof found !== 'string') fail(what, `is ${found === '' ? 'empty' : typeof found}`, 'a name');
}

function expectKnown(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail(`option ${name}`, 'is unknown', known.join(', '));
  }
}

function expectFrom(least: number, options: Readonly<Record<string, number | undefined>>): void {
  for (const [name, found] of Object.entries(options)) {
    if (found !== undefined && !(found >= least)) fail(`option ${name}`, `is ${found}`, `a number from ${least}`);
  }
}

function fail(what: string, found: string, expected: string): never {
  throw new SecretReadError('CONFIGURATION', `The ${what} ${found}; expected ${expected}.`);
}
