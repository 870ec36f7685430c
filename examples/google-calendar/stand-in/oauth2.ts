import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { type Answer, oauthError, type Service } from './answer.ts';
import type { GoogleState } from './google-state.ts';

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SKEW_SECONDS = 300;

/** `https://oauth2.googleapis.com/token`: an access token for an assertion that the account's key has signed. */
export const token: Service = async ({ body }, google) => {
  const { grant_type, assertion } = body;
  if (grant_type !== 'urn:ietf:params:oauth:grant-type:jwt-bearer' || typeof assertion !== 'string') {
    return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grant_type}`);
  }
  const { iss = '' } = decodeJwt(assertion);
  const keys = google.keysOf(iss);
  if (keys.length === 0) return oauthError(400, 'invalid_grant', 'Invalid grant: account not found');
  const claims = await verified(assertion, google);
  if (claims === undefined) return oauthError(400, 'invalid_grant', 'Invalid JWT Signature.');
  return granted(claims, google);
};

/** `https://oauth2.googleapis.com/tokeninfo` */
export const tokeninfo: Service = ({ body, query, bearer }, google) => {
  const found = google.token(String(body.access_token ?? query.get('access_token') ?? bearer));
  if (found === undefined) return oauthError(400, 'invalid_token', 'Invalid Value');
  const { scopes, expiresAtMs, principal } = found;
  return [
    200,
    {
      azp: principal,
      aud: principal,
      scope: scopes.join(' '),
      exp: String(Math.floor(expiresAtMs / 1_000)),
      expires_in: String(Math.floor((expiresAtMs - google.nowMs()) / 1_000)),
      access_type: 'online',
    },
  ];
};

/** The claims, where one of the account's keys has signed them. When they apply is another question. */
async function verified(assertion: string, google: GoogleState): Promise<JWTPayload | undefined> {
  for (const key of google.keysOf(decodeJwt(assertion).iss ?? '')) {
    const options = { algorithms: ['RS256'], currentDate: new Date(0) };
    const { payload } = await jwtVerify(assertion, key, options).catch(() => ({ payload: undefined }));
    if (payload !== undefined) return payload;
  }
  return undefined;
}

function granted({ iss = '', aud, iat = 0, exp = 0, sub, scope }: JWTPayload, google: GoogleState): Answer {
  const now = google.nowMs() / 1_000;
  if (aud !== AUDIENCE) return oauthError(400, 'invalid_grant', `Invalid JWT: Failed audience check.`);
  if (iat > now + SKEW_SECONDS || exp < now - SKEW_SECONDS || exp <= iat || exp - iat > 3_600) {
    return oauthError(
      400,
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
  }
  const scopes = typeof scope === 'string' && scope !== '' ? scope.split(' ') : [];
  if (scopes.length === 0 || scopes.some((each) => !each.startsWith('https://www.googleapis.com/auth/'))) {
    return oauthError(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  if (sub !== undefined && sub !== iss) {
    const delegated = google.delegations.get(iss) ?? [];
    if (!scopes.every((each) => delegated.includes(each))) {
      return oauthError(
        401,
        'unauthorized_client',
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      );
    }
  }
  const access_token = google.issue({ principal: iss, subject: sub, scopes }, 3_600);
  return [200, { access_token, expires_in: 3_599, token_type: 'Bearer' }];
}
