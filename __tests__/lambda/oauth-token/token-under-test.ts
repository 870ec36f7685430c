import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { StrategyUnderTest } from '../../../testing/index.ts';
import { certificate } from './certificate.ts';
import { API, type ApiOptions, newKey, OidcIssuer } from './oidc-issuer.ts';

const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client: 100%, + more' };
const SCOPE = 'read write';
// One for all issuers: a key takes long to make, and the function trusts one certificate.
const [tls, key] = [certificate(), newKey()];
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** The strategy, with tokens of one kind that are proved in one way. */
export function oauthToken(
  environment: Readonly<Record<string, string>>,
  api: ApiOptions,
  pairs: number,
): StrategyUnderTest {
  return {
    entry: fileURLToPath(new URL('oauth-token-of-each-secret.ts', import.meta.url)),
    environment: {
      OAUTH_AUDIENCE: API,
      OAUTH_SCOPE: SCOPE,
      CREDENTIALS_SECRET_ARN: 'client',
      OAUTH_TLS_CA: tls.cert,
      ...environment,
    },
    secrets: { client: JSON.stringify(CLIENT) },
    publicFields: ['issuer', 'note', 'issued_at', 'expires_at', 'scope', 'audience'],
    promise: 'overlap',
    pairs,
    async foreign(secretString) {
      const { url, heard, close } = await foreignIssuer();
      closing.push(close);
      const endpoints = {
        tokenEndpoint: url,
        token_endpoint: url,
        token_uri: url,
        jwksUri: url,
        probeUrl: url,
        proxy: url,
      };
      const edited = JSON.stringify({ ...JSON.parse(secretString), ...endpoints, OAUTH_TOKEN_ENDPOINT: url });
      return [{ name: 'a foreign endpoint', secretString: edited, heard }];
    },
    async target(statement) {
      let isUnderTest = false;
      const around: typeof statement = (name, run) => (isUnderTest ? statement(name, run) : Promise.resolve(run()));
      const issuer = await OidcIssuer.start({ tls, key, around });
      closing.push(() => issuer.close());
      issuer.api = api;
      issuer.register({ ...CLIENT, scope: SCOPE });
      const access_token = await issuer.issueToken(CLIENT);
      isUnderTest = true;
      return {
        secretString: JSON.stringify({ issuer: issuer.url, note: 'kept', access_token }),
        accepts: (secretString) => issuer.knows(JSON.parse(secretString).access_token),
        refused: () => issuer.refused,
        // A token's own word does not tell that its key is gone: that proof is the weakest, as its documentation says.
        ...(environment.OAUTH_PROOF !== 'claims' && {
          revoke: (secretString: string) => issuer.revoke(JSON.parse(secretString).access_token),
        }),
      };
    },
  };
}

/** Somebody else's server, which listens. */
async function foreignIssuer() {
  let heard = '';
  const server = createServer(async (request, response) => {
    heard += `${request.url} ${JSON.stringify(request.headers)} ${await text(request)}`;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return { url, heard: () => heard, close: () => server.close() };
}
