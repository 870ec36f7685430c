import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../testing/index.ts';
import { API, OidcIssuer } from './oidc-issuer.ts';

const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client: 100%, + more' };
const issuer = await OidcIssuer.start();
afterAll(() => issuer.close());
issuer.register({ ...CLIENT, scope: 'read write' });

describeStrategy('OAuth token', {
  entry: fileURLToPath(new URL('../../../lambda/oauth-token.ts', import.meta.url)),
  environment: {
    OAUTH_ISSUER: issuer.url,
    OAUTH_AUDIENCE: API,
    OAUTH_SCOPE: 'read write',
    CREDENTIALS_SECRET_ARN: 'client',
    NODE_EXTRA_CA_CERTS: issuer.tls.certFile,
  },
  secrets: { client: JSON.stringify(CLIENT) },
  publicFields: ['issued_at', 'expires_at', 'scope', 'audience', 'note'],
  promise: 'overlap',
  pairs: 6,
  async target() {
    const access_token = await issuer.issueToken(CLIENT);
    return {
      secretString: JSON.stringify({ note: 'kept', access_token }),
      async accepts(secretString) {
        const { access_token: token } = JSON.parse(secretString);
        const keys = createLocalJWKSet(issuer.publicKeys);
        const options = { issuer: issuer.url, audience: API };
        return jwtVerify(token, keys, options).then(
          ({ payload }) => payload.scope === 'read write',
          () => false,
        );
      },
      refused: () => issuer.refused,
    };
  },
});
