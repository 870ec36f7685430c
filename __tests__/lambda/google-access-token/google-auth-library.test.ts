import type { AuthClient } from 'google-auth-library';
import { AwsClient, Impersonated, JWT } from 'google-auth-library';
import { AwsRequestSigner } from 'google-auth-library/build/src/auth/awsrequestsigner.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GoogleStandIn } from '../../../examples/google-calendar/stand-in/google-stand-in.ts';
import { assertionClaims, selfSignedBearer, signedJwt } from '../../../lambda/google-access-token/assertion.ts';
import { awsSubjectToken } from '../../../lambda/google-access-token/aws-subject-token.ts';

const account = 'calendar@my-project.iam.gserviceaccount.com';
const scopes = ['https://www.googleapis.com/auth/calendar.readonly', 'https://www.googleapis.com/auth/calendar.events'];
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const provider = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/aws/providers/lambda';
const roleArn = 'arn:aws:iam::111122223333:role/rotate-calendar';
const now = new Date('2026-03-04T05:06:07.890Z');
const environment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'the token/of+the=session',
};

let google: GoogleStandIn;
beforeEach(async () => {
  google = await GoogleStandIn.start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await google.close();
});

/** Lets the library, as it is, ask the stand-in. @returns the forms that it sent, in order */
function atStandIn(client: AuthClient, tamper: (form: URLSearchParams) => void = () => {}): URLSearchParams[] {
  const sent: URLSearchParams[] = [];
  client.transporter.interceptors.request.add({
    resolved: async (options) => {
      if (options.body instanceof URLSearchParams) {
        tamper(options.body);
        sent.push(options.body);
      }
      options.url = new URL(options.url.pathname, google.url);
      return options;
    },
  });
  return sent;
}

const awsClient = () =>
  new AwsClient({
    type: 'external_account',
    audience: provider,
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
    token_url: `${google.url}/v1/token`,
    credential_source: {
      environment_id: 'aws1',
      regional_cred_verification_url: 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
    },
    service_account_impersonation_url: `${google.url}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
    scopes,
  });

describe('What the function signs is, byte for byte, what google-auth-library signs:', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
  });

  it.each([
    ['for itself', undefined],
    ['in the name of a user', 'ada@example.com'],
  ])('an assertion %s', async (_whose, subject) => {
    const key = google.createAccount(account);
    google.delegations.set(account, scopes);
    const client = new JWT({ email: account, key: key.private_key, scopes, ...(subject && { subject }) });
    const sent = atStandIn(client);
    await client.authorize();
    const claims = assertionClaims({ account, scopes, subject }, Math.floor(now.getTime() / 1_000));
    expect(signedJwt({}, claims, key)).toBe(sent[0]?.get('assertion'));
  });

  it('its own bearer token, for one API', async () => {
    const key = google.createAccount(account);
    const audience = 'https://iamcredentials.googleapis.com/';
    const client = new JWT({ email: account, key: key.private_key, keyId: key.private_key_id });
    const headers = await client.getRequestHeaders(audience);
    expect(`Bearer ${selfSignedBearer(key, audience, Math.floor(now.getTime() / 1_000))}`).toBe(
      headers.get('authorization'),
    );
  });

  it('the proof of its role, except for the name of the provider, which the function also signs', async () => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const theirs = await awsClient().retrieveSubjectToken();
    const ours = awsSubjectToken(provider, environment, now);
    const [their, our] = [theirs, ours].map((token) => JSON.parse(decodeURIComponent(token)));
    const unsigned = (headers: { key: string; value: string }[]) =>
      headers.filter(({ key }) => key !== 'authorization');
    expect(unsigned(our.headers)).toEqual(unsigned(their.headers));
    expect({ ...our, headers: [] }).toEqual({ ...their, headers: [] });
    const signer = new AwsRequestSigner(
      async () => ({
        accessKeyId: environment.AWS_ACCESS_KEY_ID,
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
        token: environment.AWS_SESSION_TOKEN,
      }),
      environment.AWS_REGION,
    );
    const headers = { 'x-goog-cloud-target-resource': provider };
    const signed = await signer.getRequestOptions({ url: our.url, method: 'POST', headers });
    const [authorization] = our.headers.filter(({ key }: { key: string }) => key === 'authorization');
    expect(authorization.value).toBe(new Headers(signed.headers).get('authorization'));
  });
});

describe('The unchanged google-auth-library gets from the stand-in', () => {
  it('a token by assertion', async () => {
    const { private_key: key } = google.createAccount(account);
    const client = new JWT({ email: account, key, scopes });
    atStandIn(client);
    const { access_token } = await client.authorize();
    expect(google.token(access_token ?? '')).toMatchObject({ principal: account, scopes });
  });

  it('a token for the role of a Lambda function', async () => {
    google.createAccount(account);
    google.providers.set(provider, new Set([roleArn]));
    google.tokenCreators.get(account)?.add(roleArn);
    google.awsIdentity = () => ({ secretAccessKey: environment.AWS_SECRET_ACCESS_KEY, roleArn });
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { token } = await awsClient().getAccessToken();
    expect(google.token(token ?? '')).toMatchObject({ principal: account, scopes });
    expect(google.asked).toEqual(['exchange', 'iamcredentials']);
  });

  it('a token of another account, if its own account may create tokens for it', async () => {
    const source = google.createAccount('source@my-project.iam.gserviceaccount.com');
    google.createAccount(account);
    google.tokenCreators.get(account)?.add(source.client_email);
    const sourceClient = new JWT({ email: source.client_email, key: source.private_key, scopes: CLOUD_PLATFORM });
    atStandIn(sourceClient);
    const client = new Impersonated({ sourceClient, targetPrincipal: account, targetScopes: scopes, lifetime: 900 });
    atStandIn(client);
    const { token } = await client.getAccessToken();
    expect(google.token(token ?? '')).toMatchObject({ principal: account, scopes });
  });
});

describe('The stand-in refuses', () => {
  const claimed = (change: (claims: Record<string, unknown>) => void) => (form: URLSearchParams) => {
    const [header, payload = '', signature] = (form.get('assertion') ?? '').split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    change(claims);
    form.set('assertion', [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.'));
  };
  const authorize = (key: string, tamper?: (form: URLSearchParams) => void) => {
    const client = new JWT({ email: account, key, scopes });
    atStandIn(client, tamper);
    return client.authorize();
  };

  it.each<[string, (claims: Record<string, unknown>) => void]>([
    ['scope', (claims) => Object.assign(claims, { scope: CLOUD_PLATFORM })],
    ['user', (claims) => Object.assign(claims, { sub: 'eve@example.com' })],
    ['life', (claims) => Object.assign(claims, { exp: Number(claims.exp) + 1 })],
  ])('an assertion after a change of its %s', async (_what, change) => {
    const { private_key } = google.createAccount(account);
    await expect(authorize(private_key, claimed(change))).rejects.toThrow('Invalid JWT Signature');
    expect(google.tokens.size).toBe(0);
  });

  it("an assertion that another account's key signed", async () => {
    google.createAccount(account);
    const { private_key } = google.createAccount('eve@my-project.iam.gserviceaccount.com');
    await expect(authorize(private_key)).rejects.toThrow('Invalid JWT Signature');
  });

  it('an assertion from yesterday', async () => {
    const { private_key } = google.createAccount(account);
    google.advance(86_400);
    await expect(authorize(private_key)).rejects.toThrow(/reasonable timeframe/);
  });

  it.each<[string, (token: string) => string]>([
    ['another region', (token) => token.replaceAll('eu-west-1', 'eu-west-2')],
    ['another action', (token) => token.replace('GetCallerIdentity', 'GetSessionToken')],
    ['another time', (token) => token.replace(/(?<=x-amz-date%22%2C%22value%22%3A%22\d{8}T\d{5})\d/, nextDigit)],
    ['another session', (token) => token.replace('the%20token', 'our%20token')],
  ])('proof of a role with %s than it signed', async (_what, change) => {
    google.providers.set(provider, new Set([roleArn]));
    google.awsIdentity = () => ({ secretAccessKey: environment.AWS_SECRET_ACCESS_KEY, roleArn });
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const signed = await awsClient().retrieveSubjectToken();
    expect(change(signed)).not.toBe(signed);
    expect(await exchange(signed)).toMatchObject({ token_type: 'Bearer' });
    expect(await exchange(change(signed))).toMatchObject({ error: 'invalid_grant' });
  });
});

const nextDigit = (digit: string) => String((Number(digit) + 1) % 10);

async function exchange(subject_token: string): Promise<unknown> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
    audience: provider,
    scope: CLOUD_PLATFORM,
    subject_token,
  });
  const response = await fetch(`${google.url}/v1/token`, { method: 'POST', body });
  return response.json();
}
