import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { describeStrategy, type StrategyUnderTest } from '../../../../testing/index.ts';
import { StrategyLab } from '../../../../testing/strategy-lab.ts';
import { type JsonAnswer, jsonServer } from './json-server.ts';

const { serve, origin, close } = await jsonServer();
const elsewhere = await jsonServer();
afterAll(close);
afterAll(elsewhere.close);
const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client' };

/** Issues tokens to one client, and says of each how long it lives. */
class TokenIssuer {
  readonly #expiry = new Map<string, number>([['the first token', Date.now() + 3_600_000]]);
  lifetimeSeconds = 3_600;

  isActive(token: string): boolean {
    return (this.#expiry.get(token) ?? 0) > Date.now();
  }

  revoke(token: string): void {
    this.#expiry.delete(token);
  }

  answer({ token, ...client }: { token?: string; client_secret?: string }): JsonAnswer {
    if (token !== undefined) {
      const expires_in = Math.round(((this.#expiry.get(token) ?? 0) - Date.now()) / 1_000);
      return [200, { active: this.isActive(token), expires_in }];
    }
    if (client.client_secret !== CLIENT.client_secret) return [401, { error: 'invalid_client' }];
    const access_token = randomUUID();
    this.#expiry.set(access_token, Date.now() + this.lifetimeSeconds * 1_000);
    return [200, { access_token }];
  }
}

function tokens(issuer = new TokenIssuer()): StrategyUnderTest {
  return {
    entry: fileURLToPath(new URL('strategies/access-token.ts', import.meta.url)),
    environment: { CLIENT_SECRET: 'client', ISSUER_ORIGIN: origin },
    secrets: { client: JSON.stringify(CLIENT) },
    publicFields: ['url'],
    promise: 'overlap',
    pairs: 6,
    async foreign(secretString) {
      const heard: string[] = [];
      const url = elsewhere.serve((request) => {
        heard.push(JSON.stringify(request));
        return [200, { access_token: 'any' }];
      });
      const document = JSON.stringify({ ...JSON.parse(secretString), url });
      return [{ name: 'a foreign issuer', secretString: document, heard: () => heard.join() }];
    },
    async target(statement) {
      const url = serve((request) => statement('a token request', () => issuer.answer(request)));
      return {
        revoke: (secretString) => issuer.revoke(JSON.parse(secretString).access_token),
        secretString: JSON.stringify({ url, access_token: 'the first token' }),
        accepts: async (secretString) => issuer.isActive(JSON.parse(secretString).access_token),
      };
    },
  };
}

describeStrategy('access token', tokens());

it('keeps the token in use if the new one would not live long enough', async () => {
  const issuer = new TokenIssuer();
  issuer.lifetimeSeconds = 60;
  const lab = await StrategyLab.open(tokens(issuer));
  onTestFinished(() => lab.close());
  const trial = await lab.trial();
  expect((await trial.rotate()).failure?.errorMessage).toMatch(/lives \d+ s; expected 900/);
  expect(trial.current).toMatch('the first token');
});
