import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, PrivateKeyJwt } from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import { proofOf } from '../../../lambda/oauth-token/client-authentication.ts';

const ISSUER = 'https://login.example.com/';
const CLIENT = { client_id: 'my app', client_secret: 'a%b+c d&e=f:g/h~*' };

/** What oauth4webapi sends. */
async function reference(authenticate: ClientAuth) {
  const headers = new Headers();
  const body = new URLSearchParams();
  await authenticate({ issuer: ISSUER }, { client_id: CLIENT.client_id }, body, headers);
  return { authorization: headers.get('authorization') ?? undefined, fields: Object.fromEntries(body) };
}

describe('the proof of a client is what oauth4webapi sends', () => {
  it('for client_secret_basic, as the server decodes it', async () => {
    const { authorization, fields } = proofOf(CLIENT, 'client_secret_basic', { audience: ISSUER });
    const expected = await reference(ClientSecretBasic(CLIENT.client_secret));
    expect(decoded(authorization)).toEqual(decoded(expected.authorization));
    expect(decoded(authorization)).toEqual([CLIENT.client_id, CLIENT.client_secret]);
    expect(fields()).toEqual(expected.fields);
  });

  it('for client_secret_post', async () => {
    const { fields } = proofOf(CLIENT, 'client_secret_post', { audience: ISSUER });
    expect({ fields: fields() }).toEqual(await reference(ClientSecretPost(CLIENT.client_secret)));
  });

  it('for private_key_jwt, except for the time and the id of the assertion', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const ours = proofOf({ ...CLIENT, private_key: pem, kid: 'key-1' }, 'private_key_jwt', {
      audience: ISSUER,
    }).fields();
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
    const theirs = (await reference(PrivateKeyJwt({ key, kid: 'key-1' }))).fields;
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    const options = { issuer: CLIENT.client_id, subject: CLIENT.client_id, audience: ISSUER, maxTokenAge: 60 };
    for (const { client_assertion = '' } of [ours, theirs]) {
      await jwtVerify(client_assertion, createPublicKey(privateKey), { ...options, requiredClaims: ['exp', 'jti'] });
      expect(decodeProtectedHeader(client_assertion)).toMatchObject({ alg: 'RS256', kid: 'key-1' });
    }
  });
});

function decoded(authorization = ''): string[] {
  const userinfo = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  return userinfo.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
}
