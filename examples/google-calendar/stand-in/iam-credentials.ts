import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { apiError, type Service } from './answer.ts';
import { type GoogleState, newKeyPair } from './google-state.ts';

/** `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/ACCOUNT:METHOD` */
export const iamCredentials: Service = async ({ path, bearer = '', quotaProject, body }, google) => {
  const [, account = '', method = ''] = /([^/:]+):(\w+)$/.exec(decodeURIComponent(path)) ?? [];
  if (!google.isIamCredentialsEnabled) {
    const message =
      'IAM Service Account Credentials API has not been used in project 123456789 before or it is disabled.';
    return apiError(403, 'PERMISSION_DENIED', message, 'SERVICE_DISABLED');
  }
  const caller = await principalOf(bearer, google);
  if (caller === undefined) {
    return apiError(
      401,
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials.',
      'ACCESS_TOKEN_TYPE_UNSUPPORTED',
    );
  }
  if (quotaProject !== undefined && !google.quotaProjects.get(quotaProject)?.has(caller)) {
    const message = `Caller does not have required permission to use project ${quotaProject}.`;
    return apiError(403, 'PERMISSION_DENIED', message, 'USER_PROJECT_DENIED');
  }
  const delegates = Array.isArray(body.delegates)
    ? body.delegates.map((name) => String(name).split('/').at(-1) ?? '')
    : [];
  const chain = [...delegates, account];
  if (chain.some((each) => !google.tokenCreators.has(each))) {
    return apiError(404, 'NOT_FOUND', 'Not found; Gaia id not found for email.');
  }
  // Each makes tokens of the next.
  if (chain.some((each, at) => !google.tokenCreators.get(each)?.has(chain[at - 1] ?? caller))) {
    const message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
    return apiError(403, 'PERMISSION_DENIED', message, 'IAM_PERMISSION_DENIED');
  }
  if (method === 'signJwt') return [200, await signedByGoogle(account, String(body.payload), google)];
  const [, seconds] = /^(\d+)s$/.exec(String(body.lifetime)) ?? [];
  const lifetimeSeconds = Number(seconds);
  if (!(lifetimeSeconds <= (google.longLived.has(account) ? 43_200 : 3_600)) || !Array.isArray(body.scope)) {
    return apiError(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.');
  }
  const accessToken = google.issue({ principal: account, scopes: body.scope }, lifetimeSeconds);
  return [200, { accessToken, expireTime: new Date(google.tokens.get(accessToken)?.expiresAtMs ?? 0).toISOString() }];
};

/** A federated token's role, or the account that has signed the bearer itself. */
async function principalOf(bearer: string, google: GoogleState): Promise<string | undefined> {
  if (bearer.startsWith('ya29.')) return google.token(bearer)?.principal;
  try {
    const { kid = '' } = decodeProtectedHeader(bearer);
    const key = google.keys.get(kid);
    if (key === undefined) return undefined;
    const { account, publicKey } = key;
    await jwtVerify(bearer, publicKey, {
      algorithms: ['RS256'],
      issuer: account,
      subject: account,
      audience: 'https://iamcredentials.googleapis.com/',
      maxTokenAge: 3_600,
      clockTolerance: 300,
      currentDate: new Date(google.nowMs()),
    });
    return account;
  } catch {
    return undefined;
  }
}

/** Google signs for the account, with a key that only Google has. */
async function signedByGoogle(account: string, payload: string, google: GoogleState) {
  const { privateKey } = newKeyPair();
  const keyId = `google-${google.keys.size}`;
  google.keys.set(keyId, { account, publicKey: createPublicKey(privateKey) });
  return {
    keyId,
    signedJwt: await new SignJWT(JSON.parse(payload))
      .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
      .sign(privateKey),
  };
}
