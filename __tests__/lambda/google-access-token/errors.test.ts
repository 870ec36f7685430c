import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fault, GoogleStandIn } from '../../../examples/google-calendar/stand-in/google-stand-in.ts';
import { newKeyPair } from '../../../examples/google-calendar/stand-in/google-state.ts';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import { account, deployGoogle, provider, startGoogle } from './deploy-google.ts';

type Credentials = Record<'WORKLOAD_IDENTITY_AUDIENCE' | 'GOOGLE_KEY_BASE64', string>;

interface Mistake {
  readonly what: string;
  readonly by: keyof Credentials;
  readonly environment?: Readonly<Record<string, string>>;
  make?(google: GoogleStandIn): void;
  readonly code: string;
  readonly says: RegExp;
}

const LONG = { GOOGLE_TOKEN_LIFETIME_SECONDS: '43200' };
const DELEGATED = { GOOGLE_SUBJECT: 'ada@example.com' };

/** Lets the second of two calls be refused so. */
function failsWith(call: 2, code: number, status: string, message: string, details: object[] = []) {
  return (google: GoogleStandIn) => {
    google.fail(...Array(call - 1).fill('none'), { status: code, body: { error: { code, status, message, details } } });
  };
}

/** A key file that says something else of itself. */
function keyOf(changed: object): string {
  const key = { type: 'service_account', client_email: account, private_key: 'PEM', private_key_id: '1', ...changed };
  return Buffer.from(JSON.stringify(key)).toString('base64');
}

const mistakes: readonly Mistake[] = [
  {
    what: 'the key was deleted at Google',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => {
      google.keys.clear();
      google.keys.set('new', { account, publicKey: newKeyPair().publicKey });
    },
    code: 'AUTHENTICATION',
    says: /Invalid JWT Signature.* The key does not belong to the service account \(any more\)\. Create a new one/,
  },
  {
    what: 'the key was deleted at Google, and a long life is wanted',
    by: 'GOOGLE_KEY_BASE64',
    environment: LONG,
    make: (google) => google.keys.clear(),
    code: 'AUTHENTICATION',
    says: /UNAUTHENTICATED.* Create a new one/,
  },
  {
    what: 'the account is gone',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.keys.clear(),
    code: 'CONFIGURATION',
    says: /account not found\. There is no such service account/,
  },
  {
    what: 'the organization policy does not allow the account more than an hour',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    environment: LONG,
    code: 'CONFIGURATION',
    says: /no token of 43200 s: INVALID_ARGUMENT: Request contains an invalid argument\.\. .*allowServiceAccountCredentialLifetimeExtension.* refreshEveryMinutes/,
  },
  {
    what: 'the IAM Credentials API is not enabled',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    make: (google) => {
      google.isIamCredentialsEnabled = false;
    },
    code: 'CONFIGURATION',
    says: /gcloud services enable iamcredentials\.googleapis\.com/,
  },
  {
    what: 'the role may not create tokens for the account',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    make: (google) => google.tokenCreators.get(account)?.clear(),
    code: 'PRIVILEGE',
    says: /getAccessToken.* Grant roles\/iam\.serviceAccountTokenCreator .* roles\/iam\.workloadIdentityUser/,
  },
  {
    what: 'the provider does not admit the role',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    make: (google) => google.providers.set(provider, new Set()),
    code: 'PRIVILEGE',
    says: /attribute condition does not let this function's role in/,
  },
  {
    what: 'the provider does not exist',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    make: (google) => google.providers.clear(),
    code: 'CONFIGURATION',
    says: /no such workload identity provider.* Correct audience/,
  },
  {
    what: 'the account may not act for users',
    by: 'GOOGLE_KEY_BASE64',
    environment: DELEGATED,
    code: 'PRIVILEGE',
    says: /in the name of ada@example\.com .*no domain-wide delegation for all of these scopes/,
  },
  {
    what: 'the clocks differ',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.advance(-7_200),
    code: 'CONFIGURATION',
    says: /The clocks differ.* This clock is 7\d\d\d s ahead of Google's/,
  },
  {
    what: 'Google asks for a long wait',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.fail({ status: 429, retryAfterSeconds: 60 }),
    code: 'THROTTLED',
    says: /^oauth2\.googleapis\.com answered with 429 and asks to wait 60 s/,
  },
  {
    what: 'Google is unavailable for a long time',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.fail({ status: 503 }, { status: 503 }, { status: 503 }),
    code: 'SERVICE',
    says: /^oauth2\.googleapis\.com answered with 503/,
  },
  {
    what: 'something else answers',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.fail('malformed'),
    code: 'SERVICE',
    says: /answered with 200 and no JSON object\. Is the URL right, or does a proxy answer/,
  },
  {
    what: 'nothing answers',
    by: 'GOOGLE_KEY_BASE64',
    environment: { GOOGLE_ENDPOINT_URL: 'http://127.0.0.1:1' },
    code: 'NETWORK',
    says: /^oauth2\.googleapis\.com cannot be reached\. A function in a VPC needs a NAT gateway/,
  },
  {
    what: 'another argument is wrong, and a long life is wanted',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    environment: LONG,
    make: failsWith(2, 400, 'INVALID_ARGUMENT', 'Invalid scope: "https://www.googleapis.com/auth/none"'),
    code: 'CONFIGURATION',
    says: /Invalid scope.* Google knows no such scope\. Correct scopes\.$/,
  },
  {
    what: 'VPC Service Controls refuse',
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    make: failsWith(
      2,
      403,
      'PERMISSION_DENIED',
      "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: a-b",
      [
        {
          '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
          violations: [{ type: 'VPC_SERVICE_CONTROLS', description: 'a-b' }],
        },
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SECURITY_POLICY_VIOLATED' },
      ],
    ),
    code: 'PRIVILEGE',
    says: /SECURITY_POLICY_VIOLATED\. VPC Service Controls keep this call out(?!.*tokenCreator)/,
  },
  {
    what: "the quota project is not the caller's",
    by: 'WORKLOAD_IDENTITY_AUDIENCE',
    environment: { GOOGLE_QUOTA_PROJECT: 'another-project' },
    code: 'PRIVILEGE',
    says: /USER_PROJECT_DENIED\. .*roles\/serviceusage\.serviceUsageConsumer.*quotaProject/,
  },
  {
    what: 'a firewall is in the way',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.fail({ status: 403, body: '<html><title>Blocked</title></html>' }),
    code: 'PRIVILEGE',
    says: /403 and a web page: Blocked\. A web application firewall/,
  },
  {
    what: 'Google gives an invalid time',
    by: 'GOOGLE_KEY_BASE64',
    make: (google) => google.fail({ status: 200, body: { access_token: 'ya29.a', expires_in: true } }),
    code: 'SERVICE',
    says: /expires_in true: expected a number of seconds/,
  },
  {
    what: 'the key belongs to another universe',
    by: 'GOOGLE_KEY_BASE64',
    environment: { GOOGLE_KEY_BASE64: keyOf({ universe_domain: 'apis-berlin.goog' }) },
    code: 'SECRET_VALUE',
    says: /universe_domain is "apis-berlin\.goog": expected "googleapis\.com"/,
  },
  {
    what: 'the key names another token endpoint',
    by: 'GOOGLE_KEY_BASE64',
    environment: { GOOGLE_KEY_BASE64: keyOf({ token_uri: 'https://tokens.example.com/' }) },
    code: 'SECRET_VALUE',
    says: /token_uri is "https:\/\/tokens\.example\.com\/": expected "https:\/\/oauth2\.googleapis\.com\/token"/,
  },
  {
    what: "the key is a user's",
    by: 'GOOGLE_KEY_BASE64',
    environment: { GOOGLE_KEY_BASE64: keyOf({ type: 'authorized_user' }) },
    code: 'SECRET_VALUE',
    says: /type is "authorized_user": expected "service_account"/,
  },
  {
    what: 'there are two kinds of credentials',
    by: 'GOOGLE_KEY_BASE64',
    environment: { WORKLOAD_IDENTITY_AUDIENCE: provider },
    code: 'CONFIGURATION',
    says: /names WORKLOAD_IDENTITY_AUDIENCE and GOOGLE_KEY_BASE64: expected one of/,
  },
  {
    what: 'the environment has what synth would refuse',
    by: 'GOOGLE_KEY_BASE64',
    environment: { GOOGLE_TOKEN_LIFETIME_SECONDS: '60' },
    code: 'CONFIGURATION',
    says: /environment does not fit: lifetimeSeconds is 60: expected 600 to 43200/,
  },
  {
    what: 'the key is not a key file',
    by: 'GOOGLE_KEY_BASE64',
    environment: { GOOGLE_KEY_BASE64: Buffer.from('not JSON').toString('base64') },
    code: 'CONFIGURATION',
    says: /^GOOGLE_KEY_BASE64 is not the Base64 of a service account's JSON key file\.$/,
  },
];

describe('A rotation that fails says what to do if', () => {
  it.each(mistakes)('$what', async ({ by, environment, make, code, says }) => {
    const { google, base64 } = await startGoogle();
    const credentials: Credentials = { WORKLOAD_IDENTITY_AUDIENCE: provider, GOOGLE_KEY_BASE64: base64 };
    const { rotated, failure } = await deployGoogle(google, { [by]: credentials[by], ...environment });
    make?.(google);
    expect(await rotated()).toMatchObject({ outcome: 'failed', stored: { GOOGLE_ACCESS_TOKEN: '' } });
    const { errorCode, errorMessage } = await failure();
    expect({ errorCode, errorMessage }).toEqual({ errorCode: code, errorMessage: expect.stringMatching(says) });
    expect(errorMessage).not.toContain('BEGIN PRIVATE KEY');
  });
});

describe('A rotation continues', () => {
  it.each<[string, readonly Fault[]]>([
    ['after 429, no sooner than Google asks', [{ status: 429, retryAfterSeconds: 1 }]],
    ['after 503, twice', [{ status: 503 }, { status: 503 }]],
    ['after a lost connection', ['reset']],
    ['after an answer that was cut short', ['cut']],
    ['after an answer that did not come', ['silence']],
  ])('%s', async (_what, faults) => {
    const { google, base64 } = await startGoogle();
    const { rotated } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64 });
    google.fail(...faults);
    expect(await rotated()).toMatchObject({ outcome: 'succeeded' });
    expect(google.asked).toEqual([...faults.map(() => 'token'), 'token', 'tokeninfo']);
  });
});

describe('Over TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-google-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { certificate, privateKey } = selfSignedCertificate('127.0.0.1');
  const trusted = path.join(folder, 'ca.pem');
  writeFileSync(trusted, certificate);
  const tls = { cert: certificate, key: privateKey };

  it('a rotation trusts Google if the runtime does', async () => {
    const { google, base64 } = await startGoogle({ tls });
    const { rotated } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64, NODE_EXTRA_CA_CERTS: trusted });
    expect(await rotated()).toMatchObject({ outcome: 'succeeded' });
  });

  it('a rotation sends nothing to a server that cannot prove to be Google, and says so', async () => {
    const { google, base64 } = await startGoogle({ tls });
    const { rotated, failure } = await deployGoogle(google, { GOOGLE_KEY_BASE64: base64 });
    expect(await rotated()).toMatchObject({ outcome: 'failed' });
    expect(await failure()).toMatchObject({
      errorCode: 'TLS',
      errorMessage: expect.stringMatching(
        /^oauth2\.googleapis\.com does not prove who it is\. .* ← self-signed certificate/,
      ),
    });
    expect(google.asked).toEqual([]);
  });
});
