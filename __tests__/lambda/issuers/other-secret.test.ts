import { describe, expect, it } from 'vitest';
import { googleAccessToken } from '../../../lambda/google-access-token.ts';
import { oauthToken } from '../../../lambda/oauth-token.ts';
import type { CreateContext } from '../../../lambda/rotation/rotation-strategy.ts';

const secretId = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/token-AbCdEf';
// Nobody listens there: whatever is asked fails otherwise.
const oauth = {
  OAUTH_TOKEN_ENDPOINT: 'https://127.0.0.1:1/token',
  OAUTH_INTROSPECTION_ENDPOINT: 'https://127.0.0.1:1/introspect',
};
const google = {
  GOOGLE_SERVICE_ACCOUNT: 'calendar@my-project.iam.gserviceaccount.com',
  GOOGLE_SCOPES: 'https://www.googleapis.com/auth/calendar.readonly',
  GOOGLE_ENDPOINT_URL: 'https://127.0.0.1:1',
};
const token = { access_token: 'opaque', issued_at: '', expires_at: new Date(Date.now() + 3_600_000).toISOString() };

describe.each([
  ['by its ARN', secretId],
  ['by its name', 'shop/token'],
])('the rotated secret, %s, is refused unread', (_how, own) => {
  const read: string[] = [];
  const context: CreateContext = {
    secretId,
    versionId: '00000000-0000-4000-8000-000000000000',
    signal: new AbortController().signal,
    rotationRules: undefined,
    isPending: async () => true,
    changeBack: async () => {},
    async secret(id) {
      read.push(id);
      throw new Error('Read.');
    },
    log: () => {},
  };

  it.each<[string, () => Promise<unknown>]>([
    ["an OAuth client's", () => oauthToken({ ...oauth, CREDENTIALS_SECRET_ARN: own }).create(undefined, context)],
    [
      "an OAuth client's that asks about tokens",
      () =>
        oauthToken({ ...oauth, CREDENTIALS_SECRET_ARN: 'client', OAUTH_INTROSPECTION_SECRET_ARN: own }).test(
          token,
          context,
        ),
    ],
    [
      "an OAuth client's certificate",
      () =>
        oauthToken({
          ...oauth,
          OAUTH_AUTHENTICATION: 'tls_client_auth',
          CREDENTIALS_SECRET_ARN: 'client',
          OAUTH_CLIENT_CERTIFICATE_SECRET_ARN: own,
        }).create(undefined, context),
    ],
    [
      "a service account's",
      () => googleAccessToken({ ...google, CREDENTIALS_SECRET_ARN: own }).create(undefined, context),
    ],
  ])('as %s', async (_whose, run) => {
    await expect(run()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/is the rotated secret itself.*Expected a secret of their own/),
    });
    expect(read).toEqual([]);
  });
});
