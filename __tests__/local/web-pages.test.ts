import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { createSecret } from '../../local/secrets-manager/create-secret.ts';
import { seededRandom } from '../rules/seeded-random.ts';
import { type RawAnswer, rawRequest, requestText } from './raw-request.ts';
import { sdkClient, TRUST } from './secrets-manager/running-account.ts';
import { SIGNED } from './signed.ts';

let aws: LocalAws;
let shown: MockInstance<typeof console.error>;

beforeEach(async () => {
  shown = vi.spyOn(console, 'error').mockImplementation(() => {});
  aws = await localAws({ hostNames: ['Host.Docker.Internal'] });
  const token = '11111111-1111-1111-1111-111111111111';
  createSecret({ Name: 's', ClientRequestToken: token, SecretString: 's3cret' }, aws.account);
});
afterEach(async () => {
  await aws.close();
  shown.mockRestore();
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const READ = { 'content-type': 'text/plain', 'x-amz-target': 'secretsmanager.GetSecretValue' };
const READ_BODY = JSON.stringify({ SecretId: 's' });

function send(line: string, headers: Record<string, string | undefined>, body = ''): Promise<RawAnswer> {
  return rawRequest(aws.endpoint, requestText(aws.endpoint, line, headers, body));
}

const createRole = new URLSearchParams({
  Action: 'CreateRole',
  Version: '2010-05-08',
  RoleName: 'evil',
  AssumeRolePolicyDocument: TRUST,
}).toString();

describe('the local AWS refuses with 403, and says on the console,', () => {
  it.each<[string, string, Record<string, string | undefined>, string, string]>([
    ['a form that a page posts', 'POST /', { ...FORM, origin: 'https://evil.example' }, createRole, 'Origin'],
    ['a form without a sign of the browser', 'POST /', FORM, createRole, 'no AWS signature'],
    [
      'a function that a page posts as text/plain',
      'POST /2015-03-31/functions',
      { 'content-type': 'text/plain', origin: 'null' },
      '{"FunctionName":"evil"}',
      'Origin',
    ],
    ['a schedule', 'POST /schedules/evil', { 'sec-fetch-site': 'cross-site' }, '{}', 'Sec-Fetch-Site'],
    ['a page whose name was rebound', 'POST /', { ...READ, ...SIGNED, host: 'evil.example:4566' }, READ_BODY, 'Host'],
    ['a request without a Host', 'POST /', { ...READ, ...SIGNED, host: '' }, READ_BODY, 'Host'],
    ['a read without a signature', 'POST /', READ, READ_BODY, 'no AWS signature'],
    ['another authorization', 'POST /', { ...READ, authorization: 'Bearer x' }, READ_BODY, 'no AWS signature'],
    [
      'half a signature',
      'POST /',
      { ...READ, authorization: 'AWS4-HMAC-SHA256 Credential=a/b' },
      READ_BODY,
      'no AWS signature',
    ],
    [
      'a preflight',
      'OPTIONS /',
      { origin: 'https://evil.example', 'access-control-request-headers': 'authorization' },
      '',
      'Origin',
    ],
    [
      'a signed request of a page',
      'POST /',
      { ...READ, ...SIGNED, origin: 'http://localhost:3000' },
      READ_BODY,
      'Origin',
    ],
    [
      'a page of the same site',
      'POST /',
      { ...READ, ...SIGNED, 'sec-fetch-site': 'same-site' },
      READ_BODY,
      'Sec-Fetch',
    ],
    ['a picture', 'GET /2015-03-31/functions/x', { 'sec-fetch-site': 'cross-site' }, '', 'Sec-Fetch-Site'],
  ])('%s', async (_what, line, headers, body, reason) => {
    const { status, text } = await send(line, headers, body);
    expect(status).toBe(403);
    expect(text).toContain(reason);
    expect(text).not.toContain('s3cret');
    expect(text.toLowerCase()).not.toContain('access-control');
    expect(shown).toHaveBeenCalledWith(expect.stringContaining(reason));
    expect(aws.account.roles.all()).toEqual([]);
    expect(aws.account.functions.all()).toEqual([]);
  });

  it('a query that looks presigned but names no caller', async () => {
    const signed = {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/sts/aws4_request',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0'.repeat(64),
    };
    const get = (query: Record<string, string>) => send(`GET /?${new URLSearchParams({ ...query, ...signed })}`, {});
    const identity = await get({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    expect(identity.status).toBe(200);
    expect(identity.text).toContain('<Account>123456789012</Account>');
    const listing = await get({ Action: 'ListRolePolicies', Version: '2010-05-08', RoleName: 'x' });
    expect(listing.status).toBe(403);
    // The action may not change between the check and the call.
    const twice = await send(
      `GET /?Action=GetCallerIdentity&Action=CreateRole&Version=2010-05-08&${new URLSearchParams(signed)}`,
      {},
    );
    expect(twice.status).toBe(403);
    const posted = await send(
      `POST /?${new URLSearchParams({ Action: 'GetCallerIdentity', ...signed })}`,
      FORM,
      createRole,
    );
    expect(posted.status).toBe(403);
    const identityQuery = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15', ...signed });
    const inHeader = await send(`GET /?${identityQuery}`, { 'x-amz-target': 'secretsmanager.ListSecrets' });
    expect(inHeader.status).toBe(403);
    const elsewhere = await send(`GET /2015-03-31/functions?${identityQuery}`, {});
    expect(elsewhere.status).toBe(403);
  });

  it.each(['127.999.1.1', '127.0.0.256', '127.1'])('the Host %s, which is not a loopback address', async (host) => {
    expect((await send('POST /', { ...READ, ...SIGNED, host }, READ_BODY)).status).toBe(403);
  });

  it('the same refusal only once', async () => {
    for (let n = 0; n < 3; n += 1) await send('GET /again', { origin: 'https://again.example' });
    expect(shown).toHaveBeenCalledTimes(1);
    expect(shown).toHaveBeenCalledWith(
      'Refused GET "/again". The local AWS refuses this request because its Origin is "https://again.example", a web page. ' +
        'Web pages may not use it: see docs/local-aws.md.',
    );
  });

  it('before the body is read', async () => {
    const headers = { origin: 'https://evil.example', 'content-length': '1000000' };
    const { status } = await rawRequest(aws.endpoint, requestText(aws.endpoint, 'POST /', headers));
    expect(status).toBe(403);
  });
});

describe('the local AWS answers', () => {
  it('a client that calls it by a name from hostNames', async () => {
    const { status } = await send('POST /', { ...READ, ...SIGNED, host: 'host.docker.internal:4566' }, READ_BODY);
    expect(status).toBe(200);
  });

  it('a client that waits for 100 Continue', async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { ...READ, ...SIGNED, expect: '100-continue' };
      const sent = httpRequest(aws.endpoint, { method: 'POST', headers }, resolve).on('error', reject);
      sent.once('continue', () => sent.end(READ_BODY));
      sent.flushHeaders();
    });
    expect(await text(answer)).toContain('s3cret');
  });
});

describe('the body of a request', () => {
  const MB = 1_048_576;

  /** Streams so many bytes without saying how many, and waits for the answer. */
  function stream(path: string, method: string, bytes: number, headers: Record<string, string>) {
    return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sent = httpRequest(
        `${aws.endpoint}${path}`,
        { method, headers: { ...SIGNED, ...headers } },
        async (answer) => resolve({ status: answer.statusCode, text: await text(answer) }),
      ).on('error', reject);
      const chunk = Buffer.alloc(65_536, 0x20);
      let left = bytes;
      const more = (): void => {
        while (left > 0) {
          left -= chunk.length;
          if (!sent.write(chunk)) return void sent.once('drain', more);
        }
        sent.end();
      };
      more();
    });
  }

  it.each([
    ['Secrets Manager', '/', 'POST', { 'x-amz-target': 'secretsmanager.CreateSecret' }, MB, ''],
    ['IAM', '/', 'POST', FORM, MB, ''],
    ['Lambda, without an archive', '/2015-03-31/functions/f/policy', 'POST', {}, MB, ''],
    ['a new function', '/2015-03-31/functions', 'POST', {}, 70_167_211, ' for the CreateFunction operation'],
    ['new code', '/2015-03-31/functions/f/code', 'PUT', {}, 69_905_067, ' for the UpdateFunctionCode operation'],
    ['a schedule', '/schedules/s', 'POST', {}, MB, ''],
  ])(
    'is limited for %s, whether its length is given or not',
    async (_what, path, method, headers, limit, operation) => {
      const message = `Request must be smaller than ${limit} bytes${operation}`;
      const given = await send(`${method} ${path}`, { ...headers, ...SIGNED, 'content-length': String(limit + 1) });
      expect(given.status).toBe(413);
      expect(given.text).toContain('RequestEntityTooLargeException');
      expect(given.text).toContain(message);
      const streamed = await stream(path, method, limit + 65_536, headers);
      expect(streamed.status).toBe(413);
      expect(streamed.text).toContain(message);
      expect(shown).not.toHaveBeenCalled();
    },
  );

  it('is not kept if it is too large', async () => {
    const read = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
    await stream('/', 'POST', 50 * MB, read);
    const before = process.memoryUsage();
    let peak = 0;
    const watch = setInterval(() => {
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      peak = Math.max(peak, arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed);
    }, 5);
    const { status } = await stream('/', 'POST', 600 * MB, read);
    clearInterval(watch);
    expect(status).toBe(413);
    expect(peak).toBeLessThan(100 * MB);
  });

  it('may be as large as the limit', async () => {
    const { status, text } = await stream('/2015-03-31/functions', 'POST', 60 * MB, {});
    // It was read to its end, and is blank.
    expect([status, text]).toEqual([400, expect.stringContaining('The body of the request is not JSON.')]);
  });
});

describe('a malformed request', () => {
  it.each(['GET', 'PUT', 'OPTIONS', 'TRACE'])(
    'that calls an action by %s changes and tells nothing',
    async (method) => {
      const { status, text } = await send(`${method} /`, { ...READ, ...SIGNED }, READ_BODY);
      expect(status).toBe(400);
      expect(text).not.toContain('s3cret');
    },
  );

  it.each([
    ['GET //', 400],
    ['GET //evil.example/', 400],
    ['GET /\\evil.example', 400],
    ['GET http://evil.example/', 400],
    ['OPTIONS *', 400],
    ['GET /%zz/../..//', 400],
    ['GET /2015-03-31/functions/%zz', 400],
    ['POST /2015-03-31/functions/%E0%A4%A', 404],
    ['DELETE /2017-03-31/tags/%', 400],
  ])('%s is refused with %i, and without a stack trace', async (line, status) => {
    const answer = await send(line, SIGNED);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/\bat .*:\d+|node:/);
    expect(shown).not.toHaveBeenCalled();
  });

  it.each([
    'Action=CreateRole&Version=2010-05-08&Tags.member.999999999.Key=a',
    'Action=CreateRole&Version=2010-05-08&Tags.999999999.Key=a',
    'Action=CreateRole&Version=2010-05-08&Tags.member.0.Key=a',
    `Action=CreateRole&Version=2010-05-08&${'a.'.repeat(50_000)}=b`,
    'Action=GetRole&Version=2010-05-08&__proto__.x=1&constructor.prototype.y=2&RoleName=x',
    'Action=GetRole&Version=2010-05-08&RoleName=x&RoleName.member.1=y',
    'Action=%FF%FE&Version=2010-05-08',
  ])('form %# is refused as a mistake of the client', async (body) => {
    const started = performance.now();
    const { status } = await send('POST /', { ...FORM, ...SIGNED }, body);
    expect([400, 404]).toContain(status);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(shown).not.toHaveBeenCalled();
    expect({}).not.toHaveProperty('x');
  });

  it('of any kind prints nothing, and the next request is answered', async () => {
    const random = integersOf(seededRandom(20_260_101));
    const lines = [
      'POST /',
      'GET /',
      'PUT /2015-03-31/functions/f/code',
      'POST /schedules/a',
      'GET /?Action=a',
      'TRACE /',
    ];
    const whole = () =>
      requestText(aws.endpoint, lines[random(lines.length)] ?? 'GET /', { ...READ, ...SIGNED, ...FORM }, READ_BODY);
    /** A request with some bytes changed, or cut somewhere, or both. */
    const broken = () => {
      const bytes = Buffer.from(whole(), 'latin1');
      for (let changes = random(6); changes > 0; changes -= 1) bytes[random(bytes.length)] = random(256);
      return random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    };
    for (let batch = 0; batch < 25; batch += 1) {
      await Promise.all(Array.from({ length: 20 }, () => rawRequest(aws.endpoint, broken(), 100)));
    }
    const traces = shown.mock.calls.map(([first]) => first).filter((first) => typeof first !== 'string');
    expect(traces).toEqual([]);
    const client = sdkClient(aws);
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 's' }));
    client.destroy();
    expect(SecretString).toBe('s3cret');
  }, 60_000);
});

const integersOf = (random: () => number) => (bound: number) => Math.floor(random() * bound);
