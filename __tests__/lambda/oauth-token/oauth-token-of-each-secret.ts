import { type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { oauthToken } from '../../../lambda/oauth-token.ts';

type StoredToken = Readonly<Record<string, string>>;

/** The strategy as it is, asking the issuer whose URL the secret has: each trial of the contract has one of its own. */
export const handler = rotationHandler((environment): RotationStrategy<StoredToken, StoredToken> => {
  const probe = (issuer: string | undefined) => (environment.OAUTH_PROOF === 'probe' ? `${issuer}/api` : undefined);
  const at = ({ issuer }: StoredToken = {}) =>
    oauthToken({ ...environment, OAUTH_ISSUER: issuer, OAUTH_PROBE_URL: probe(issuer) });
  return {
    publicFields: ['issuer', 'note', 'issued_at', 'expires_at', 'scope', 'audience'],
    current: stringFields('issuer'),
    pending: stringFields('issuer', 'access_token', 'issued_at', 'expires_at', 'scope', 'audience'),
    create: async (current, context) => ({ ...(await at(current).create(current, context)) }),
    test: ({ access_token = '', issued_at = '', expires_at = '', ...rest }, context) =>
      at(rest).test({ access_token, issued_at, expires_at }, context),
  };
});
