import { readGoogleTokenEnvironment } from '../rules/google-access-token.ts';
import { type GoogleCredentials, KEY_VARIABLE, readGoogleCredentials } from '../rules/google-credentials.ts';
import { LEAST_REMAINING_SECONDS, readRefreshMinutes } from '../rules/token-lifetime.ts';
import { awsSubjectToken } from './google-access-token/aws-subject-token.ts';
import { type GoogleIdentity, issueToken } from './google-access-token/issue-token.ts';
import {
  checkKey,
  keyFromBase64,
  PUBLIC_KEY_FIELDS,
  serviceAccountKey,
} from './google-access-token/service-account-key.ts';
import { tokenInfo } from './google-access-token/token-info.ts';
import { checkLifetime } from './issuers/check-lifetime.ts';
import { otherSecret } from './issuers/other-secret.ts';
import {
  type Environment,
  type RotationContext,
  RotationError,
  type RotationStrategy,
  readEnvironment,
  rotationHandler,
  stringFields,
} from './rotation/index.ts';

/** The secret's document: the token in a field of the user's choice, and these. */
type StoredToken = Readonly<Record<string, string>>;

/**
 * Issues an access token for a Google service account, or for a user in whose name it may act. The one before lives on until it
 * expires by itself, so there is nothing to set.
 */
export function googleAccessToken(environment: Environment): RotationStrategy<unknown, StoredToken> {
  const request = readEnvironment(readGoogleTokenEnvironment, environment);
  const credentials = readEnvironment(readGoogleCredentials, environment);
  const refreshEveryMinutes = readEnvironment(readRefreshMinutes, environment);
  const { endpointUrl, field, scopes } = request;
  return {
    publicFields: ['issued_at', 'expires_at', 'scope'],
    current: stringFields(),
    pending: stringFields(field, 'issued_at', 'expires_at', 'scope'),

    async create(_current, context) {
      const issuedAt = new Date();
      const identity = await identityOf(credentials, environment, context);
      const { token, expiresAt } = await issueToken(request, identity, { endpointUrl, signal: context.signal });
      // Google tells an hour as 3,599 seconds.
      const lifetimeSeconds = Math.ceil((expiresAt.getTime() - issuedAt.getTime()) / 60_000) * 60;
      checkLifetime(lifetimeSeconds, { ...context.rotationRules, refreshEveryMinutes });
      return {
        [field]: token,
        issued_at: issuedAt.toISOString(),
        expires_at: expiresAt.toISOString(),
        scope: scopes.join(' '),
      };
    },

    async test(pending, { signal }) {
      const info = await tokenInfo(pending[field] ?? '', { endpointUrl, signal });
      // A token that is not good will not become so: POLICY lets the next rotation issue another.
      if (info === undefined)
        throw new RotationError(
          'POLICY',
          'Google does not take the token: it expired, or the account is disabled. The next rotation issues another.',
        );
      const missing = scopes.filter((scope) => !info.scopes.includes(scope));
      if (missing.length > 0) {
        throw new RotationError(
          'POLICY',
          `Google left out ${missing.join(' ')}. Let the service account have it, or drop it from scopes.`,
        );
      }
      if (info.expiresInSeconds >= LEAST_REMAINING_SECONDS) return;
      throw new RotationError(
        'POLICY',
        `The token lives ${info.expiresInSeconds} s more; expected ${LEAST_REMAINING_SECONDS}. It was issued too long ago: the next rotation issues another.`,
      );
    },

    // A token that is asked for is issued: it is thrown away, and lives until it expires.
    async check(_current, context) {
      const token = await context.look('A token', context.newValue);
      if (token !== undefined) await context.look('The proof of that token', () => this.test(token, context));
    },
  };
}

/** Whoever asks: the function's own role, or a service account with its key. */
async function identityOf(
  credentials: GoogleCredentials,
  environment: Environment,
  context: RotationContext,
): Promise<GoogleIdentity> {
  if ('audience' in credentials) {
    const { audience } = credentials;
    return { audience, subjectToken: awsSubjectToken(audience, environment, new Date()) };
  }
  if ('keyBase64' in credentials) return { key: checkKey(await keyFromBase64(KEY_VARIABLE, credentials.keyBase64)) };
  return { key: checkKey(await otherSecret(context, credentials.secretId, serviceAccountKey, PUBLIC_KEY_FIELDS)) };
}

export const handler = rotationHandler(googleAccessToken);
