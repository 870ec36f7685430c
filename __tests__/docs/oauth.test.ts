import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Rotation } from 'rotaform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificate } from '../lambda/oauth-token/certificate.ts';
import { connectProxy } from '../lambda/oauth-token/connect-proxy.ts';
import { IssuerStandIn, type Reply } from '../lambda/oauth-token/issuer-stand-in.ts';
import { rotateInProcess } from '../lambda/oauth-token/rotate-in-process.ts';
import { API_CLIENT, CLIENT, type Provider, providers } from './oauth-providers.ts';

const page = readFileSync('docs/oauth.md', 'utf8');
const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
const lines = blocks.find((code) => code.includes('export const auth0Organization')) ?? '';

/** What the page declares, by name. */
const declared = await import(written(lines));

function written(code: string): string {
  mkdirSync('dist', { recursive: true });
  const folder = mkdtempSync(path.resolve('dist/docs-oauth-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'providers.ts');
  writeFileSync(file, code);
  return file;
}

const hosts = Object.values(providers).flatMap(({ places }) =>
  Object.keys(places).map((place) => place.split('/')[0] ?? ''),
);

describe('the lines of docs/oauth.md for a provider work with its documented answers (from a stand-in, not the provider):', () => {
  let standIn: IssuerStandIn;
  let proxy: Awaited<ReturnType<typeof connectProxy>>;
  beforeAll(async () => {
    standIn = await IssuerStandIn.start({ tls: certificate(...new Set(hosts)) });
    // Whatever host is asked for, the stand-in answers.
    proxy = await connectProxy({ port: () => standIn.port });
  });
  afterEach(() => standIn.reset());
  afterAll(() => {
    proxy.close();
    standIn.close();
  });

  /** The declaration as it is deployed, but for where the provider is. */
  function rotation(name: string, { client = CLIENT, places }: Provider) {
    standIn.places = places;
    const { environment } = (declared[name] as Rotation).needs;
    const { CREDENTIALS_SECRET_ARN = '', OAUTH_INTROSPECTION_SECRET_ARN = 'none' } = environment;
    return rotateInProcess(
      { ...environment, OAUTH_TLS_CA: standIn.tls.cert, OAUTH_PROXY: proxy.url },
      { [CREDENTIALS_SECRET_ARN]: { ...client }, [OAUTH_INTROSPECTION_SECRET_ARN]: API_CLIENT },
    );
  }

  it('every provider on the page', () => {
    expect(Object.keys(declared).sort()).toEqual(Object.keys(providers).sort());
  });

  describe.each(Object.entries(providers))('%s', (name, provider) => {
    it('a token is issued, and verified', async () => {
      const stored = await rotation(name, provider).rotate();
      expect(stored).toMatchObject({ access_token: expect.any(String), expires_at: expect.stringMatching(/^20/) });
      const request = standIn.asked.find(({ form }) => form.grant_type === 'client_credentials');
      expect(request).toBeDefined();
      if (request !== undefined) provider.asks?.(request);
    });

    const { refusals = [] } = provider;
    it.each(refusals)('its answer about %s is understood', async (_what, reply: Reply, reason) => {
      const { failure, create } = rotation(name, provider);
      const places = Object.keys(provider.places).filter((place) => /token(\.oauth2)?$/.test(place));
      standIn.places = { ...provider.places, ...Object.fromEntries(places.map((place) => [place, () => reply])) };
      expect(await failure(create)).toMatch(reason);
    });
  });
});
