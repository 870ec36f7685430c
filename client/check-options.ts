import { kindOf } from '../rules/kind-of.ts';
import { NEVER_MS } from './is-within.ts';
import { SecretReadError } from './secret-read-error.ts';
import type { SecretOptions, SecretsCacheOptions } from './secrets-cache.ts';

/** What an option is to be, in words, and whether it is. */
type Rule = readonly [expected: string, holds: (found: never) => boolean];
export type Rules<Options> = Readonly<Record<keyof Options, Rule>>;

export const numberFrom = (least: number, most = NEVER_MS): Rule => [
  `a number from ${least} to ${most}`,
  (found: unknown) => typeof found === 'number' && found >= least && found <= most,
];
export const aName: Rule = ['a name', (found: unknown) => typeof found === 'string' && found !== ''];
export const isCall = (found: unknown) => typeof found === 'function';
export const aFunction: Rule = ['a function', isCall];

export const CACHE: Rules<SecretsCacheOptions> = {
  client: [
    'a SecretsManagerClient, with a send method',
    (found: Record<string, unknown> | null) => isCall(found?.send) || isCall(found?.getSecretValue),
  ],
  maxAgeSeconds: numberFrom(0),
  staleWhileRevalidateSeconds: numberFrom(0),
  staleIfErrorSeconds: numberFrom(0),
  timeoutSeconds: numberFrom(0.1, 900),
  maxSecrets: numberFrom(1),
};
export const SECRET: Rules<SecretOptions<never>> = {
  schema: [
    'a Standard Schema, such as of valibot, zod or arktype',
    (found: SecretOptions<never>['schema'] | null) => isCall(found?.['~standard']?.validate),
  ],
  versionStage: aName,
  expiresAt: aFunction,
};

/** @throws CONFIGURATION no number would be waited for, or none at all for ever */
export const checkTimeout = (seconds: unknown): void => expect('option timeoutSeconds', seconds, numberFrom(0));

/** @throws CONFIGURATION an option is unknown, or not as its rule says */
export function checkOptions(given: object, rules: Readonly<Record<string, Rule>>): void {
  for (const [option, found] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (!rule) fail(`option ${option} is unknown`, Object.keys(rules).join(', '));
    if (found !== undefined) expect(`option ${option}`, found, rule);
  }
}

/** @throws CONFIGURATION says what it holds, without quoting it, and what it may */
export function expect(what: string, found: unknown, [expected, holds]: Rule): void {
  if (holds(found as never)) return;
  fail(`${what} is ${/^(number|undefined)$/.test(typeof found) ? found : kindOf(found)}`, expected);
}

function fail(found: string, expected: string): never {
  throw new SecretReadError('CONFIGURATION', `The ${found}; expected ${expected}.`);
}
