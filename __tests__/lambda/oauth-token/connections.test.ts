import { X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { rootCertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask } from '../../../lambda/issuers/ask.ts';
import { certificate } from './certificate.ts';
import { type ConnectProxyOptions, connectProxy } from './connect-proxy.ts';
import { IssuerStandIn, type Places, publicJwk, signed } from './issuer-stand-in.ts';
import { OidcIssuer } from './oidc-issuer.ts';
import { rotateInProcess } from './rotate-in-process.ts';

const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client' };
const SCOPE = 'read write';
const API = 'https://api.example.com';

describe('a certified issuer (oidc-provider)', () => {
  let issuer: OidcIssuer;
  beforeAll(async () => {
    issuer = await OidcIssuer.start();
  });
  afterEach(() => issuer.reset());
  afterAll(() => issuer.close());

  const environment = (more: Readonly<Record<string, string | undefined>> = {}) => ({
    OAUTH_ISSUER: issuer.url,
    OAUTH_AUDIENCE: API,
    OAUTH_SCOPE: SCOPE,
    OAUTH_TLS_CA: issuer.tls.cert,
    CREDENTIALS_SECRET_ARN: 'client',
    ...more,
  });

  it('behind a private authority is trusted by tls.ca, and not without it', async () => {
    issuer.register({ ...CLIENT, scope: SCOPE });
    await rotateInProcess(environment(), { client: CLIENT }).rotate();
    const { failure, create } = rotateInProcess(environment({ OAUTH_TLS_CA: undefined }), { client: CLIENT });
    expect(await failure(create)).toMatch(
      /^TLS .*does not prove who it is\. .*give it as tls\.ca.* ← self-signed certificate/,
    );
    const other = rotateInProcess(environment({ OAUTH_TLS_CA: certificate().cert }), { client: CLIENT });
    expect(await other.failure(other.create)).toMatch(/^TLS /);
  });

  it.each<[string, (pem: string) => string]>([
    ['has \\n in place of its line breaks', (pem) => pem.trim().replaceAll('\n', '\\n')],
    ['is cut off', (pem) => pem.slice(0, 200)],
    ['is junk', () => '-----BEGIN CERTIFICATE-----\nno certificate\n-----END CERTIFICATE-----\n'],
    ['has junk behind a certificate', (pem) => `${pem}-----BEGIN CERTIFICATE-----\n`],
  ])('is not asked if tls.ca %s', async (_what, broken) => {
    const { failure, create } = rotateInProcess(environment({ OAUTH_TLS_CA: broken(issuer.tls.cert) }), {
      client: CLIENT,
    });
    expect(await failure(create)).toMatch(
      /^CONFIGURATION (The function's environment does not fit: )?tls\.ca is not a certificate in PEM[.:] .*with its line breaks/,
    );
    expect(issuer.requests).toEqual([]);
  });

  it('may have several authorities in tls.ca, with comments', async () => {
    issuer.register({ ...CLIENT, scope: SCOPE });
    const ca = `# Other\n${rootCertificates[0]}\n# Ours\n${issuer.tls.cert}`;
    await rotateInProcess(environment({ OAUTH_TLS_CA: ca }), { client: CLIENT }).rotate();
  });

  it('proves the client by its certificate (RFC 8705)', async () => {
    const { cert, key } = certificate('my-app.example.com');
    const x5c = [new X509Certificate(cert).raw.toString('base64')];
    const jwk = { ...new X509Certificate(cert).publicKey.export({ format: 'jwk' }), x5c };
    issuer.register({
      client_id: 'my-app',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [jwk as { kty: 'EC' }] },
      scope: SCOPE,
    });
    const mutual = environment({
      OAUTH_AUTHENTICATION: 'tls_client_auth',
      OAUTH_CLIENT_CERTIFICATE_SECRET_ARN: 'certificate',
    });
    const secrets = { client: { client_id: 'my-app' }, certificate: { certificate: cert, private_key: key } };
    await rotateInProcess(mutual, secrets).rotate();
    const { cert: otherCert, key: otherKey } = certificate('my-app.example.com');
    const wrong = rotateInProcess(mutual, {
      ...secrets,
      certificate: { certificate: otherCert, private_key: otherKey },
    });
    expect(await wrong.failure(wrong.create)).toMatch(/^AUTHENTICATION .*invalid_client/);
    const mixed = rotateInProcess(mutual, { ...secrets, certificate: { certificate: cert, private_key: otherKey } });
    expect(await mixed.failure(mixed.create)).toMatch(/^SECRET_VALUE .*do not belong together/);
  });

  it('proves the client by an assertion with PS256, and without a key id', async () => {
    const { privateKey } = issuer.signingKey;
    const { kid: _, ...jwk } = issuer.publicKeys.keys[0] ?? expect.fail('There is no key.');
    issuer.register({
      client_id: 'my-app',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...jwk, alg: 'PS256' } as { kty: 'RSA' }] },
      scope: SCOPE,
    });
    const client = { client_id: 'my-app', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
    const signing = environment({ OAUTH_AUTHENTICATION: 'private_key_jwt', OAUTH_ASSERTION_ALGORITHM: 'PS256' });
    await rotateInProcess(signing, { client }).rotate();
    const { failure, create } = rotateInProcess({ ...signing, OAUTH_ASSERTION_ALGORITHM: 'ES256' }, { client });
    expect(await failure(create)).toMatch(/^SECRET_VALUE .*of a kind that signs with ES256/);
  });

  it('says by introspection what it knows about its tokens', async () => {
    issuer.register({ ...CLIENT, scope: SCOPE });
    issuer.api = { format: 'opaque' };
    await rotateInProcess(environment({ OAUTH_PROOF: 'introspection' }), { client: CLIENT }).rotate();
    expect(issuer.requests.at(-1)).toBe('POST /token/introspection');
  });

  describe('behind a proxy', () => {
    const options: ConnectProxyOptions = { port: () => Number(new URL(issuer.url).port) };
    let proxy: Awaited<ReturnType<typeof connectProxy>>;
    beforeAll(async () => {
      proxy = await connectProxy(options);
      issuer.register({ ...CLIENT, scope: SCOPE });
    });
    afterEach(() => {
      options.status = 200;
      options.banner = '';
      proxy.asked.length = 0;
    });
    afterAll(() => proxy.close());
    const through = (url: string) => rotateInProcess(environment({ OAUTH_PROXY: url }), { client: CLIENT });

    it('is asked through the proxy, and still proves itself', async () => {
      issuer.register({ ...CLIENT, scope: SCOPE });
      await through(proxy.url).rotate();
      const { host } = new URL(issuer.url);
      expect(proxy.asked.map(({ authority }) => authority)).toEqual(Array(4).fill(host));
      expect(proxy.asked[0]?.userAgent).toMatch(/^rotaform\/\d/);
      const untrusted = rotateInProcess(environment({ OAUTH_PROXY: proxy.url, OAUTH_TLS_CA: undefined }), {
        client: CLIENT,
      });
      expect(await untrusted.failure(untrusted.create)).toMatch(/^TLS /);
    });

    it.each([
      [407, /^CONFIGURATION The proxy .* refused with 407 to connect to 127\.0\.0\.1:\d+\. It requires a login/],
      [403, /^CONFIGURATION The proxy .* refused with 403 .*Allow it there/],
    ])('is named if it refuses with %i', async (status, reason) => {
      options.status = status;
      const { failure, create } = through(proxy.url);
      expect(await failure(create)).toMatch(reason);
    });

    it('may let through with any 2xx', async () => {
      options.status = 204;
      issuer.register({ ...CLIENT, scope: SCOPE });
      await through(proxy.url).rotate();
    });

    it('is named if it says something itself once it has let through', async () => {
      options.banner = '<html>Welcome</html>';
      const { failure, create } = through(proxy.url);
      expect(await failure(create)).toMatch(/^CONFIGURATION The proxy .* answered with 200 and an answer of its own/);
    });

    it.each(['SSH-2.0-OpenSSH_9.6\r\n', '\u0015\u0003\u0001\u0000\u0002'])(
      'is named if it speaks no HTTP: %j',
      async (banner) => {
        const other = createServer((socket) => void socket.on('error', () => {}).end(banner));
        await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
        const { failure, create } = through(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
        expect(await failure(create)).toMatch(/^SERVICE The proxy .* not HTTP\. Correct proxy/);
        other.close();
      },
    );

    it('is named if it is missing', async () => {
      const { failure, create } = through('http://127.0.0.1:1');
      expect(await failure(create)).toMatch(/^NETWORK The proxy 127\.0\.0\.1:1 cannot be reached/);
    });

    it('a direct connection needs no proxy', async () => {
      await rotateInProcess(environment(), { client: CLIENT }).rotate();
      expect(proxy.asked).toEqual([]);
      expect(issuer.requests).toHaveLength(4);
    });
  });
});

describe('an unusual issuer', () => {
  let issuer: IssuerStandIn;
  beforeAll(async () => {
    issuer = await IssuerStandIn.start();
  });
  afterEach(() => issuer.reset());
  afterAll(() => issuer.close());

  it('has separate endpoints for clients with a certificate', async () => {
    const { cert, key } = certificate('my-app.example.com');
    const token = { iss: issuer.url, aud: API };
    const places: Places = {
      '/.well-known/openid-configuration': () => [
        200,
        {
          issuer: issuer.url,
          token_endpoint: `${issuer.url}/token`,
          jwks_uri: `${issuer.url}/jwks`,
          mtls_endpoint_aliases: { token_endpoint: `${issuer.url}/mtls/token` },
        },
      ],
      '/jwks': () => [200, { keys: [publicJwk] }],
      '/mtls/token': async () => [200, { access_token: await signed(token), expires_in: 3_600 }],
    };
    issuer.places = places;
    const environment = {
      OAUTH_ISSUER: issuer.url,
      OAUTH_TLS_CA: issuer.tls.cert,
      OAUTH_AUTHENTICATION: 'tls_client_auth',
      CREDENTIALS_SECRET_ARN: 'client',
      OAUTH_CLIENT_CERTIFICATE_SECRET_ARN: 'certificate',
    };
    const secrets = { client: { client_id: 'my-app' }, certificate: { certificate: cert, private_key: key } };
    await rotateInProcess(environment, secrets).rotate();
    const asked = issuer.asked.find(({ place }) => place.endsWith('/mtls/token'));
    expect(asked?.clientFingerprint).toBe(new X509Certificate(cert).fingerprint256);
    expect(asked?.form).toEqual({ grant_type: 'client_credentials', client_id: 'my-app' });
  });
});

describe('an issuer that hangs up', () => {
  it.each([
    ['before its answer', '', /^NETWORK .*hung up without an answer(?!.*NAT)/],
    ['in the middle of its headers', 'HTTP/1.1 200 OK\r\ncontent-le', /^NETWORK .*hung up/],
    [
      'in the middle of its answer',
      'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a',
      /^NETWORK .*hung up in the middle(?!.*NAT)/,
    ],
  ])('%s is not reported as unreachable', async (_when, answer, reason) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const endpoints = { OAUTH_TOKEN_ENDPOINT: `${url}/token`, OAUTH_JWKS_URI: `${url}/jwks` };
    const { failure, create } = rotateInProcess({ ...endpoints, CREDENTIALS_SECRET_ARN: 'client' }, { client: CLIENT });
    expect(await failure(create)).toMatch(reason);
    server.close();
  });

  it.each([
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n', /^SERVICE .*with 101/],
    ['101 without a protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', /^SERVICE .*with 101/],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', /^SERVICE .*something that is not HTTP\. Is the URL right/],
    [
      'a broken body',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{"a": 1}\r\n',
      /^SERVICE .*something that is not HTTP/,
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\na: ${'a'.repeat(20_000)}\r\n`, /^SERVICE .*headers of more than 16 kB/],
  ])('is told apart from one that answers with %s', async (_what, answer, reason) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      // The connection stays open.
      socket.once('data', () => socket.write(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const endpoints = { OAUTH_TOKEN_ENDPOINT: `${url}/token`, OAUTH_JWKS_URI: `${url}/jwks` };
    const { failure, create } = rotateInProcess({ ...endpoints, CREDENTIALS_SECRET_ARN: 'client' }, { client: CLIENT });
    expect(await failure(create)).toMatch(reason);
    server.close();
  });

  it('is told apart from one that does not speak TLS', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = { signal: new AbortController().signal };
    await expect(ask({ url }, connection)).rejects.toMatchObject({
      code: 'TLS',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ does not speak TLS\. Is its port right\?$/),
    });
    server.close();
  });

  it.each([
    ['does not answer in time', '', /^SERVICE .*took the request and had not answered within 8 s(?!.*NAT)/],
    [
      'does not finish in time',
      'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a',
      /^SERVICE .*had not finished within 8 s(?!.*NAT)/,
    ],
  ])('is told apart from one that %s', async (_what, answer, reason) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // Its deadline comes at once.
    const { setTimeout: real } = globalThis;
    const timer = vi
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation((run, ms = 0) => real(run, ms === 8_000 ? 300 : ms));
    const connection = { signal: new AbortController().signal };
    const error = await ask({ url }, connection).catch((caught: unknown) => caught);
    timer.mockRestore();
    expect(`${Object(error).code} ${Object(error).message}`).toMatch(reason);
    server.close();
  });
});
