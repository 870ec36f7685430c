import { expect } from 'vitest';
import { oauthToken } from '../../../lambda/oauth-token.ts';
import { causesOf } from '../../../lambda/rotation/causes-of.ts';
import { checkSchema } from '../../../lambda/rotation/check-schema.ts';
import { RotationError } from '../../../lambda/rotation/rotation-error.ts';
import type { CreateContext } from '../../../lambda/rotation/rotation-strategy.ts';

type Stored = Awaited<ReturnType<ReturnType<typeof oauthToken>['create']>>;

/** The secrets that a function may read, by their ARNs. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The strategy alone, without AWS: createSecret and testSecret as the protocol calls them. No error may repeat a secret, not
 * even before the protocol scrubs it.
 */
export function rotateInProcess(environment: Readonly<Record<string, string | undefined>>, secrets: Secrets) {
  const context: CreateContext = {
    secretId: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/token-AbCdEf',
    versionId: '00000000-0000-4000-8000-000000000000',
    signal: new AbortController().signal,
    rotationRules: undefined,
    isPending: async () => true,
    changeBack: async () => {},
    secret: (id, schema) => checkSchema(schema, secrets[id], `AWSCURRENT of ${id}`),
    log: () => {},
  };
  const strategy = async () => oauthToken(environment);

  const create = async (current: unknown = {}) => (await strategy()).create(current, context);
  const test = async (stored: Stored) => (await strategy()).test(stored as Required<Stored>, context);
  return {
    create,
    test,
    /** Both steps, as a rotation does them. @returns what is stored */
    async rotate(): Promise<Stored> {
      const stored = await create();
      await test(stored);
      return stored;
    },
    /** `CODE message` of what fails, causes included. */
    async failure(run: () => Promise<unknown>): Promise<string> {
      const error = await run().then(
        () => expect.fail('Nothing failed.'),
        (caught: unknown) => caught,
      );
      if (!(error instanceof RotationError)) throw error;
      const text = causesOf(error)
        .map((each) => String(Object(each).message ?? each))
        .join(' ← ');
      for (const value of confidences(secrets)) expect(text).not.toContain(value);
      expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
      expect(text.length).toBeLessThan(1_000);
      return `${error.code} ${text}`;
    },
  };
}

function confidences(secrets: Secrets): string[] {
  const fields = Object.values(secrets).flatMap((secret) => Object.entries(secret));
  return fields.filter(([name]) => /secret|private/.test(name)).map(([, value]) => String(value));
}
