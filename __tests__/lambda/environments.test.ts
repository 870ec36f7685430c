import { describe, expect, it } from 'vitest';
import type { RotationHandler } from '../../lambda/rotation/rotation-handler.ts';
import { type TargetName, targetNames } from '../../rules/targets.ts';
import { rotationsOf } from '../constructs/each-target/rotations-of.ts';

/** An empty text is a value there: no character is excluded; or it is the same as no such option. */
const MAY_BE_EMPTY = /^(EXCLUDE_CHARACTERS|GOOGLE_DELEGATES|OAUTH_(?!.*_SECRET_ARN$).*)$/;

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/client-AbCdEf';
const PASSWORD = { SECRET_FORMAT: 'json' };
const LOGIN = { ROTATION_STRATEGY: 'single-user' };
const OAUTH = { OAUTH_ISSUER: 'https://login.example.com', CREDENTIALS_SECRET_ARN: SECRET };
const GOOGLE = {
  GOOGLE_SERVICE_ACCOUNT: 'a@b.iam.gserviceaccount.com',
  GOOGLE_SCOPES: 'https://www.googleapis.com/auth/tasks',
};
const NO_AUDIENCE = '//iam.googleapis.com/projects/name/providers/lambda';

/** What the function says of its environment when it is first invoked; undefined if it accepts it. */
async function refusalOf(target: TargetName, environment: Readonly<Record<string, string>>) {
  const { handler }: { handler: RotationHandler } = await import(
    /* @vite-ignore */ new URL(`../../lambda/${target}.ts`, import.meta.url).href
  );
  return handler.missingFields(environment, {}).then(
    () => undefined,
    ({ code, message }) => ({ code, message }),
  );
}

describe.each(targetNames)('The function of %s', (target) => {
  it('refuses each of its variables if it is empty', async () => {
    const accepted: string[] = [];
    for (const { needs } of await rotationsOf(target)) {
      const literal = Object.entries(needs.environment).filter(([, value]) => !value.includes('TfToken['));
      for (const [name] of literal.filter(([each]) => !MAY_BE_EMPTY.test(each))) {
        const refusal = await refusalOf(target, { ...Object.fromEntries(literal), [name]: '' });
        if (refusal?.code !== 'CONFIGURATION') accepted.push(name);
      }
    }
    expect(accepted).toEqual([]);
  });
});

describe('A function refuses', () => {
  it.each<[TargetName, Record<string, string>, string]>([
    ['password', { ...PASSWORD, SECRET_FORMAT: '' }, 'SECRET_FORMAT is ""'],
    ['password', { ...PASSWORD, PASSWORD_FIELDS: '' }, 'PASSWORD_FIELDS: field is [""]'],
    ['postgres', { ...LOGIN, SECRET_FORMAT: 'xml' }, 'SECRET_FORMAT is "xml": expected json or text'],
    ['postgres', { ...LOGIN, TLS_SERVERNAME: '' }, 'tls.servername is ""'],
    ['mysql', { ...LOGIN, TLS_SERVERNAME: 'two names' }, 'tls.servername is "two names"'],
    ['mysql', { ...LOGIN, ADMINS: '[{"secretArn":"not an arn"}]', USERS: '["app"]' }, 'ADMINS is not as expected'],
    [
      'oauth-token',
      { ...OAUTH, CREDENTIALS_SECRET_ARN: '' },
      'CREDENTIALS_SECRET_ARN is "": expected the ARN of a secret',
    ],
    ['oauth-token', { ...OAUTH, OAUTH_INTROSPECTION_SECRET_ARN: '' }, 'OAUTH_INTROSPECTION_SECRET_ARN is ""'],
    ['oauth-token', { ...OAUTH, OAUTH_CLIENT_CERTIFICATE_SECRET_ARN: 'not an arn' }, '_SECRET_ARN is "not an arn"'],
    ['oauth-token', { ...OAUTH, REFRESH_EVERY_MINUTES: 'abc' }, 'REFRESH_EVERY_MINUTES is "abc": expected 15 to 240'],
    ['oauth-token', { ...OAUTH, REFRESH_EVERY_MINUTES: '' }, 'REFRESH_EVERY_MINUTES is ""'],
    ['google-access-token', { ...GOOGLE }, 'names no credentials: expected one of WORKLOAD_IDENTITY_AUDIENCE'],
    [
      'google-access-token',
      { ...GOOGLE, WORKLOAD_IDENTITY_AUDIENCE: '', CREDENTIALS_SECRET_ARN: SECRET },
      'names WORKLOAD_IDENTITY_AUDIENCE and CREDENTIALS_SECRET_ARN: expected one of',
    ],
    ['google-access-token', { ...GOOGLE, WORKLOAD_IDENTITY_AUDIENCE: NO_AUDIENCE }, `The audience is "${NO_AUDIENCE}"`],
    ['google-access-token', { ...GOOGLE, CREDENTIALS_SECRET_ARN: ' ' }, 'CREDENTIALS_SECRET_ARN is " "'],
    ['google-access-token', { ...GOOGLE, GOOGLE_KEY_BASE64: '' }, 'GOOGLE_KEY_BASE64 is empty'],
    [
      'google-access-token',
      { ...GOOGLE, CREDENTIALS_SECRET_ARN: SECRET, REFRESH_EVERY_MINUTES: '5' },
      'REFRESH_EVERY_MINUTES is "5": expected 15 to 240',
    ],
  ])('%s: the environment %j', async (target, environment, message) => {
    expect(await refusalOf(target, environment)).toEqual({
      code: 'CONFIGURATION',
      message: expect.stringContaining(message),
    });
  });
});
