import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../testing/index.ts';
import { certificate } from './certificate.ts';
import { API, newKey, OidcIssuer } from './oidc-issuer.ts';

const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client: 100%, + more' };
const SCOPE = 'read write';
// One for all issuers: a key takes long to make, and the function trusts one certificate.
const [tls, key] = [certificate(), newKey()];
const issuers: OidcIssuer[] = [];
afterAll(() => {
  for (const issuer of issuers) issuer.close();
});

describeStrategy('OAuth token', {
  entry: fileURLToPath(new URL('oauth-token-of-each-secret.ts', import.meta.url)),
  environment: {
    OAUTH_AUDIENCE: API,
    OAUTH_SCOPE: SCOPE,
    CREDENTIALS_SECRET_ARN: 'client',
    OAUTH_TLS_CA: tls.cert,
  },
  secrets: { client: JSON.stringify(CLIENT) },
  publicFields: ['issuer', 'note', 'issued_at', 'expires_at', 'scope', 'audience'],
  promise: 'overlap',
  pairs: 6,
  async target(statement) {
    let isUnderTest = false;
    const around: typeof statement = (name, run) => (isUnderTest ? statement(name, run) : Promise.resolve(run()));
    const issuer = await OidcIssuer.start({ tls, key, around });
    issuers.push(issuer);
    issuer.register({ ...CLIENT, scope: SCOPE });
    const access_token = await issuer.issueToken(CLIENT);
    isUnderTest = true;
    return {
      secretString: JSON.stringify({ issuer: issuer.url, note: 'kept', access_token }),
      async accepts(secretString) {
        const { access_token: token } = JSON.parse(secretString);
        const options = { issuer: issuer.url, audience: API };
        return jwtVerify(token, createLocalJWKSet(issuer.publicKeys), options).then(
          ({ payload }) => payload.scope === SCOPE,
          () => false,
        );
      },
      refused: () => issuer.refused,
    };
  },
});
