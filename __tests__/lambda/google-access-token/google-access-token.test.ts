import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { account, deployGoogle, provider, scopes, startGoogle } from './deploy-google.ts';

const HOUR = 3_600_000;

describe('Rotating a Google access token', () => {
  it('stores the token for an assertion, with the time of issue and the time of expiry', async () => {
    const { google, base64 } = await startGoogle();
    const { rotated, calls } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64 });
    const { outcome, stored } = await rotated();
    expect(outcome).toBe('succeeded');
    expect(google.token(stored.GOOGLE_ACCESS_TOKEN)).toMatchObject({ principal: account, scopes });
    expect(stored).toMatchObject({ calendar: 'team@example.com', scope: scopes.join(' ') });
    expect(Date.parse(stored.expires_at) - Date.parse(stored.issued_at)).toBeGreaterThan(HOUR - 3_000);
    expect(google.asked).toEqual(['token', 'tokeninfo']);
    expect(calls).toHaveLength(6);
  });

  it('costs one more call if the key is in a separate secret', async () => {
    const { google, key } = await startGoogle();
    const { client, rotated, calls } = await deployGoogle(google, { CREDENTIALS_SECRET_ARN: 'google-key' });
    await client.send(new CreateSecretCommand({ Name: 'google-key', SecretString: JSON.stringify(key) }));
    const { stored } = await rotated();
    expect(google.token(stored.GOOGLE_ACCESS_TOKEN)).toMatchObject({ principal: account, scopes });
    expect(calls).toHaveLength(7);
  });

  it('needs no key if Google trusts the role of the function', async () => {
    const { google } = await startGoogle();
    const { rotated, calls } = await deployGoogle(google, { WORKLOAD_IDENTITY_AUDIENCE: provider });
    const { stored } = await rotated();
    expect(google.token(stored.GOOGLE_ACCESS_TOKEN)).toMatchObject({ principal: account, scopes });
    expect(google.asked).toEqual(['exchange', 'iamcredentials', 'tokeninfo']);
    expect(calls).toHaveLength(6);
  });

  it('gets a token of twelve hours for an account if the organization allows it', async () => {
    const { google, base64 } = await startGoogle();
    google.longLived.add(account);
    const { rotated } = await deployGoogle(google, {
      GOOGLE_KEY_BASE64: base64,
      GOOGLE_TOKEN_LIFETIME_SECONDS: '43200',
    });
    const { outcome, stored } = await rotated({ ScheduleExpression: 'rate(8 hours)' });
    expect(outcome).toBe('succeeded');
    expect(Date.parse(stored.expires_at) - Date.parse(stored.issued_at)).toBeGreaterThan(12 * HOUR - 3_000);
    expect(google.asked).toEqual(['iamcredentials', 'tokeninfo']);
  });

  it.each([
    ['by its key', (base64: string) => ({ GOOGLE_KEY_BASE64: base64 }), ['token', 'tokeninfo']],
    [
      'without a key',
      () => ({ WORKLOAD_IDENTITY_AUDIENCE: provider }),
      ['exchange', 'iamcredentials', 'token', 'tokeninfo'],
    ],
  ])('acts for a user of the Workspace %s', async (_how, credentials, asked) => {
    const { google, base64 } = await startGoogle();
    google.delegations.set(account, scopes);
    const { rotated } = await deployGoogle(google, { ...credentials(base64), GOOGLE_SUBJECT: 'ada@example.com' });
    const { stored } = await rotated();
    expect(google.token(stored.GOOGLE_ACCESS_TOKEN)).toMatchObject({ subject: 'ada@example.com', scopes });
    expect(google.asked).toEqual(asked);
  });

  it('creates tokens for another account than that of its key', async () => {
    const { google, base64 } = await startGoogle();
    const other = 'reports@my-project.iam.gserviceaccount.com';
    google.createAccount(other);
    google.tokenCreators.get(other)?.add(account);
    const { rotated } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64, GOOGLE_SERVICE_ACCOUNT: other });
    const { stored } = await rotated();
    expect(google.token(stored.GOOGLE_ACCESS_TOKEN)).toMatchObject({ principal: other, scopes });
  });

  it('goes through a chain of accounts, and charges another project', async () => {
    const { google, base64 } = await startGoogle();
    const [between, last] = ['between@my-project.iam.gserviceaccount.com', 'last@my-project.iam.gserviceaccount.com'];
    for (const each of [between, last]) google.createAccount(each);
    google.tokenCreators.get(between)?.add(account);
    google.tokenCreators.get(last)?.add(between);
    google.quotaProjects.set('billing', new Set([account]));
    const environment = { GOOGLE_KEY_BASE64: base64, GOOGLE_SERVICE_ACCOUNT: last, GOOGLE_DELEGATES: between };
    const { rotated } = await deployGoogle(google, { ...environment, GOOGLE_QUOTA_PROJECT: 'billing' });
    const { stored } = await rotated();
    expect(google.token(stored.GOOGLE_ACCESS_TOKEN)).toMatchObject({ principal: last, scopes });
    expect(google.asked).toEqual(['iamcredentials', 'tokeninfo']);
  });

  it('sends its key to no address from the rotated secret', async () => {
    const [{ google, base64 }, foreign] = [await startGoogle(), await startGoogle()];
    const { google: elsewhere } = foreign;
    const { url } = elsewhere;
    const secretString = JSON.stringify({ token_uri: `${url}/token`, url, endpointUrl: url, GOOGLE_ENDPOINT_URL: url });
    const { rotated } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64 }, secretString);
    expect(await rotated()).toMatchObject({ outcome: 'succeeded', stored: { token_uri: `${url}/token` } });
    expect(elsewhere.asked).toEqual([]);
  });

  it('stores no token that would expire before its successor is read', async () => {
    const { google, base64 } = await startGoogle();
    const { rotated, failure } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64 });
    const { outcome, stored } = await rotated({ ScheduleExpression: 'rate(4 hours)' });
    expect(outcome).toBe('failed');
    expect(stored).toEqual({ calendar: 'team@example.com', GOOGLE_ACCESS_TOKEN: '' });
    expect(await failure()).toMatchObject({
      step: 'createSecret',
      errorCode: 'CONFIGURATION',
      errorMessage: expect.stringMatching(
        /^The token lives 1 h, .* interval 4 h \+ window 1 h \+ .* Use refreshEveryMinutes: 40/,
      ),
    });
  });

  it('considers that something else renews the token more often than the schedule', async () => {
    const { google, base64 } = await startGoogle();
    const { rotated } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64, REFRESH_EVERY_MINUTES: '40' });
    expect(await rotated({ ScheduleExpression: 'rate(4 hours)' })).toMatchObject({ outcome: 'succeeded' });
  });

  it('abandons a token that expired before it became current, and issues another one', async () => {
    const { google, base64 } = await startGoogle();
    const { step, failure, rotate, pendingVersion, functionArn, value, labels } = await deployGoogle(google, {
      GOOGLE_KEY_BASE64: base64,
    });
    const versionId = await pendingVersion();
    await step('createSecret', versionId);
    google.advance(3_600 - 600);
    await step('testSecret', versionId);
    expect(await failure()).toMatchObject({
      errorCode: 'POLICY',
      errorMessage: expect.stringMatching(/lives \d+ s more/),
    });
    expect(await labels()).not.toHaveProperty(versionId);
    google.advance(600);
    expect(await rotate({ RotationLambdaARN: functionArn })).toMatchObject({ outcome: 'succeeded' });
    expect(google.token(JSON.parse((await value()) ?? '').GOOGLE_ACCESS_TOKEN)).toBeDefined();
  });
});
