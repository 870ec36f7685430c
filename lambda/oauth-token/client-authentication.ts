import { randomUUID } from 'node:crypto';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ClientAuthentication } from '../../rules/oauth-token.ts';
import { signingKey, signJwt } from '../issuers/sign-jwt.ts';
import { RotationError, stringFields } from '../rotation/index.ts';

/** What the client's secret holds, by how the client proves who it is. */
export type OauthClient =
  | { readonly client_id: string; readonly client_secret: string }
  /** The key as PEM (PKCS #8), and the id under which the issuer knows its public half. */
  | { readonly client_id: string; readonly private_key: string; readonly kid: string };

export interface ClientProof {
  readonly authorization?: string;
  /** What the form has besides. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An assertion is used at once. */
const ASSERTION_SECONDS = 60;

/** A schema for the client's secret. */
export function clientSchema(authentication: ClientAuthentication): StandardSchemaV1<unknown, OauthClient> {
  return authentication === 'private_key_jwt'
    ? stringFields('client_id', 'private_key', 'kid')
    : stringFields('client_id', 'client_secret');
}

/**
 * What a client sends to prove who it is.
 * @param audience whom an assertion is for: the issuer
 * @throws SECRET_VALUE for a private key that is none
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 and https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function proofOf(client: OauthClient, authentication: ClientAuthentication, audience: string): ClientProof {
  const { client_id } = client;
  if ('private_key' in client) {
    return {
      fields: {
        client_id,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion(client, audience),
      },
    };
  }
  if (authentication === 'client_secret_post') return { fields: { client_id, client_secret: client.client_secret } };
  const userinfo = [client_id, client.client_secret].map(formEncoded).join(':');
  return { authorization: `Basic ${Buffer.from(userinfo).toString('base64')}`, fields: {} };
}

function assertion(client: OauthClient & { readonly private_key: string; readonly kid: string }, audience: string) {
  const iat = Math.floor(Date.now() / 1_000);
  const { client_id, private_key, kid } = client;
  const claims = {
    iss: client_id,
    sub: client_id,
    aud: audience,
    iat,
    exp: iat + ASSERTION_SECONDS,
    jti: randomUUID(),
  };
  const key = signingKey(private_key);
  if (key !== undefined) return signJwt({ kid, typ: 'JWT' }, claims, key);
  throw new RotationError(
    'SECRET_VALUE',
    'private_key of the client is no key to sign with. Expected PEM (PKCS #8), RSA, EC or Ed25519.',
  );
}

const formEncoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
