import { SecretReadError } from './secret-read-error.ts';
import type { SecretsCacheOptions } from './secrets-cache.ts';

/** @throws CONFIGURATION names the option, what it holds, and what it may */
export function checkOptions({ client, ...options }: SecretsCacheOptions): void {
  if (typeof client?.send !== 'function') fail('client', 'has no send method', 'a SecretsManagerClient');
  const { maxAgeSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds, timeoutSeconds, maxSecrets } = options;
  expectFrom(0, { maxAgeSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds });
  expectFrom(0.1, { timeoutSeconds });
  expectFrom(1, { maxSecrets });
  if ((timeoutSeconds ?? 1) > 900) fail('timeoutSeconds', `is ${timeoutSeconds}`, '900 at the most');
}

function expectFrom(least: number, options: Readonly<Record<string, number | undefined>>): void {
  for (const [name, found] of Object.entries(options)) {
    if (found !== undefined && !(found >= least)) fail(name, `is ${found}`, `a number from ${least}`);
  }
}

function fail(option: string, found: string, expected: string): never {
  throw new SecretReadError('CONFIGURATION', `The option ${option} ${found}; expected ${expected}.`);
}
