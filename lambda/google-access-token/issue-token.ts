import { GOOGLE_HOUR_SECONDS, type GoogleTokenRequest } from '../../rules/google-access-token.ts';
import { type Answer, ask, type Question } from '../issuers/ask.ts';
import type { Connection } from '../issuers/connection.ts';
import { readSeconds } from '../issuers/read-seconds.ts';
import { RotationError } from '../rotation/index.ts';
import { assertionClaims, selfSignedBearer, signedJwt } from './assertion.ts';
import { googleRefusal } from './google-refusal.ts';
import type { ServiceAccountKey } from './service-account-key.ts';

/** Who asks for the token. */
export type GoogleIdentity =
  | { readonly key: ServiceAccountKey }
  | {
      /** The provider of the workload identity pool that the function's role comes in by. */
      readonly audience: string;
      readonly subjectToken: string;
    };

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

const IAM_CREDENTIALS = 'https://iamcredentials.googleapis.com/';

/**
 * An access token as short as can be: by an assertion, where the key is the account's own and an hour is wanted; by an
 * assertion that Google signs, for a user without a key; else by generateAccessToken.
 * @throws AUTHENTICATION, PRIVILEGE, CONFIGURATION and what `ask` throws
 */
export async function issueToken(
  request: GoogleTokenRequest,
  identity: GoogleIdentity,
  connection: Connection,
): Promise<IssuedToken> {
  const { serviceAccount, scopes, subject, lifetimeSeconds, delegates, quotaProject } = request;
  const now = Math.floor(Date.now() / 1_000);
  const claims = assertionClaims({ account: serviceAccount, scopes, subject }, now);
  const ownKey = 'key' in identity && identity.key.client_email === serviceAccount ? identity.key : undefined;
  if (ownKey !== undefined && delegates.length === 0 && lifetimeSeconds === GOOGLE_HOUR_SECONDS) {
    return exchange(signedJwt({}, claims, ownKey));
  }
  const bearer =
    'key' in identity
      ? selfSignedBearer(identity.key, IAM_CREDENTIALS, now)
      : await federatedToken(identity, connection);
  if (subject !== undefined) {
    const { signedJwt: assertion } = await ofAccount('signJwt', { payload: JSON.stringify(claims) });
    return exchange(text(assertion));
  }
  const { accessToken, expireTime } = await ofAccount('generateAccessToken', {
    scope: scopes,
    lifetime: `${lifetimeSeconds}s`,
  });
  return { token: text(accessToken), expiresAt: date(text(expireTime)) };

  async function exchange(assertion: string): Promise<IssuedToken> {
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const body = new URLSearchParams({ grant_type, assertion });
    const answer = await granting({ url: 'https://oauth2.googleapis.com/token', body }, wanted(), connection);
    const { access_token, expires_in } = answer;
    const seconds = readSeconds('expires_in', expires_in) ?? Number.NaN;
    return { token: text(access_token), expiresAt: date((now + seconds) * 1_000) };
  }

  async function ofAccount(method: 'generateAccessToken' | 'signJwt', body: Readonly<Record<string, unknown>>) {
    const url = `${IAM_CREDENTIALS}v1/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount)}:${method}`;
    const chain = delegates.map((each) => `projects/-/serviceAccounts/${each}`);
    const question = {
      url,
      authorization: `Bearer ${bearer}`,
      body: { ...body, ...(chain.length > 0 && { delegates: chain }) },
      ...(quotaProject !== undefined && { headers: { 'x-goog-user-project': quotaProject } }),
    };
    const answer = await ask(question, connection);
    if (lifetimeSeconds > GOOGLE_HOUR_SECONDS && isAboutLifetime(answer)) throw tooLong(answer);
    return granted(answer, wanted());
  }

  function wanted(): string {
    return `an access token for ${serviceAccount}${subject === undefined ? '' : ` in the name of ${subject}`}`;
  }

  function tooLong(answer: Answer): RotationError {
    return new RotationError(
      'CONFIGURATION',
      `Google gives ${serviceAccount} no token of ${lifetimeSeconds} s: ${answer.said}. For more than ${GOOGLE_HOUR_SECONDS} s, the organization ` +
        'policy constraints/iam.allowServiceAccountCredentialLifetimeExtension must have the account in its list. Have it added, or ' +
        'leave lifetimeSeconds out and set refreshEveryMinutes: 30. If it is in the list, see scopes.',
    );
  }
}

/** Google names no argument if an account asks for more than it may; whatever it names is then another matter. */
function isAboutLifetime({ status, said }: Answer): boolean {
  return status === 400 && /lifetime|^INVALID_ARGUMENT: Request contains an invalid argument\.?$/i.test(said);
}

/** Google's token for the function's role, good for asking as a service account. */
async function federatedToken(
  { audience, subjectToken }: { readonly audience: string; readonly subjectToken: string },
  connection: Connection,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token: subjectToken,
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
  });
  const url = 'https://sts.googleapis.com/v1/token';
  const { access_token } = await granting({ url, body }, "a token for the function's role", connection);
  return text(access_token);
}

async function granting(question: Question, wanted: string, connection: Connection) {
  return granted(await ask(question, connection), wanted);
}

function granted(answer: Answer, wanted: string): Answer['body'] {
  if (answer.status === 200) return answer.body;
  throw googleRefusal(answer, wanted);
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw strange('a text');
}

function date(value: string | number): Date {
  const found = new Date(value);
  if (!Number.isNaN(found.getTime())) return found;
  throw strange('a time of expiry');
}

function strange(missing: string): RotationError {
  return new RotationError(
    'SERVICE',
    `Google answered with 200 and without ${missing}. Secrets Manager will try again.`,
  );
}
