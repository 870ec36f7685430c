import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AssertionOptions, ClientAuthentication } from '../../rules/oauth-token.ts';
import { stringFields } from '../rotation/index.ts';
import { clientAssertion } from './client-assertion.ts';

/** What the secret of a client holds; which of it there must be, `authentication` says. */
export interface OauthClient {
  readonly client_id: string;
  readonly client_secret?: string;
  /** PEM (PKCS #8). */
  readonly private_key?: string;
  /** The id under which the issuer knows the public half of the key. */
  readonly kid?: string;
  /** PEM: that of the key, if the issuer knows it by its thumbprint. */
  readonly certificate?: string;
}

/** Fields of it that may stand in logs. */
export const PUBLIC_CLIENT_FIELDS = ['client_id', 'kid', 'certificate'];

export interface ClientProof {
  readonly authorization?: string;
  /** What the form has besides, made anew for each request: issuers take an assertion once. */
  readonly fields: () => Readonly<Record<string, string>>;
}

/** A schema for the client's secret. @param authentication undefined for whatever the secret is good for */
export function clientSchema(authentication: ClientAuthentication | undefined): StandardSchemaV1<unknown, OauthClient> {
  const needed = {
    client_secret_basic: 'client_secret',
    client_secret_post: 'client_secret',
    private_key_jwt: 'private_key',
    tls_client_auth: undefined,
  } as const;
  const field = authentication && needed[authentication];
  return stringFields('client_id', ...(field ? [field] : []));
}

/** How a client proves itself, by what its secret holds. */
export function authenticationOf({ private_key, client_secret }: OauthClient): ClientAuthentication {
  if (private_key !== undefined) return 'private_key_jwt';
  return client_secret === undefined ? 'tls_client_auth' : 'client_secret_basic';
}

/**
 * What a client sends to prove who it is.
 * @param assertion `audience` is whom an assertion is for: the issuer, unless the options say otherwise
 * @throws SECRET_VALUE, from `fields`, for a private key that is none
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1, https://www.rfc-editor.org/rfc/rfc7523#section-2.2 and
 *   https://www.rfc-editor.org/rfc/rfc8705#section-2
 */
export function proofOf(
  client: OauthClient,
  authentication: ClientAuthentication,
  assertion: AssertionOptions & { readonly audience: string },
): ClientProof {
  const { client_id, client_secret = '' } = client;
  switch (authentication) {
    case 'client_secret_basic': {
      const userinfo = [client_id, client_secret].map(formEncoded).join(':');
      return { authorization: `Basic ${Buffer.from(userinfo).toString('base64')}`, fields: () => ({}) };
    }
    case 'client_secret_post':
      return { fields: () => ({ client_id, client_secret }) };
    case 'tls_client_auth':
      return { fields: () => ({ client_id }) };
    case 'private_key_jwt':
      return {
        fields: () => ({
          client_id,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: clientAssertion(client, assertion),
        }),
      };
  }
}

const formEncoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
