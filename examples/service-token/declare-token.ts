import type { TerraformStack } from 'cdktf';
import { EphemeralVariable, fromSecret, RotatedSecret, Rotation, Schedule, StaticSecret } from 'rotaform';

export interface TokenOptions {
  /** Of the machine-to-machine application. */
  readonly clientId: string;
  /** The identifier of the API. */
  readonly audience: string;
  readonly scope?: string | undefined;
  /** The tenant of Auth0. */
  readonly domain: string;
  /** An issuer in its place. */
  readonly issuer?: string | undefined;
}

/** The token with which the shop asks for orders, for a day; the client that asks for it stands in a secret of its own. */
export function declareToken(stack: TerraformStack, options: TokenOptions): RotatedSecret {
  const { clientId, audience, scope, domain, issuer } = options;
  const clientSecret = new EphemeralVariable(stack, 'client_secret', 'Of the machine-to-machine application');
  const client = new StaticSecret(stack, 'client', {
    name: 'shop/oauth-credentials',
    initial: { client_id: clientId, client_secret: clientSecret.stringValue },
    publicFields: ['client_id'],
  });
  const token = { audience, scope, credentials: fromSecret(client.secretArn) };
  return new RotatedSecret(stack, 'token', {
    name: 'shop/orders-token',
    rotation:
      issuer === undefined
        ? Rotation.auth0({ domain, ...token })
        : Rotation.oauthToken({ issuer, authentication: 'client_secret_post', ...token }),
    schedule: Schedule.rate({ hours: 20 }),
  });
}
