import { deployOauthToken, type Variables } from '../../lambda/oauth-token/deploy-oauth-token.ts';
import type { OidcIssuer } from '../../lambda/oauth-token/oidc-issuer.ts';
import type { Seed } from './preflight-of.ts';

export const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client' };

/** What a real authorization server tells the function. */
export function tokenSeeds(issuer: OidcIssuer): readonly Seed[] {
  const seeded =
    (client: object = CLIENT, variables: Variables = {}): Seed['seed'] =>
    () =>
      deployOauthToken(issuer, client, variables);
  return [
    {
      title: 'a client that the issuer refuses',
      seed: seeded({ ...CLIENT, client_secret: 'not the secret of the client' }),
      rules: { ScheduleExpression: 'rate(8 hours)' },
      rows: [['A token', 'AUTHENTICATION', /invalid_client/]],
    },
    {
      title: 'a token that does not live until the next rotation',
      seed: seeded(),
      rows: [['A token', 'CONFIGURATION', /lives/]],
    },
    {
      title: 'an issuer whose root the function does not trust',
      seed: seeded(CLIENT, { OAUTH_TLS_CA: undefined }),
      rules: { ScheduleExpression: 'rate(8 hours)' },
      rows: [['A token', 'TLS', /certificate/]],
    },
  ];
}
