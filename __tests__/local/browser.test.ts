import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { createSecret } from '../../local/secrets-manager/create-secret.ts';
import { TRUST } from './secrets-manager/running-account.ts';
import { SIGNED } from './signed.ts';

const executablePath = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim();
const missing = executablePath === '' ? ' (skipped: no chromium on this machine)' : '';

/** Two names that the browser resolves to this machine, as an attacker's name server may. */
const RESOLVER = '--host-resolver-rules=MAP evil.example 127.0.0.1,MAP rebound.example 127.0.0.1';
const OFFLINE = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];
/** What the browser itself would refuse of what follows is let through, so that only the server is left to refuse it. */
const UNGUARDED =
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights';

const CREATE_ROLE = {
  Action: 'CreateRole',
  Version: '2010-05-08',
  RoleName: 'evil',
  AssumeRolePolicyDocument: TRUST,
};

const READ_HEADERS = { ...SIGNED, 'x-amz-target': 'secretsmanager.GetSecretValue' };
const READ_SECRET = `(url, headers) =>
  fetch(url, { method: 'POST', headers, body: '{"SecretId":"s"}' })
    .then(async (answer) => answer.status + ' ' + await answer.text(), String)`;
const APPEND = '(tag, src) => void document.body.append(Object.assign(document.createElement(tag), { src }))';

describe.skipIf(executablePath === '')(`a web page in Chromium${missing}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let site: Server;
  let aws: LocalAws;
  let page: Page;
  let shown: MockInstance<typeof console.error>;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: [...OFFLINE, UNGUARDED, RESOLVER] });
    site = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hi'));
    await once(site.listen(0, '127.0.0.1'), 'listening');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  beforeEach(async () => {
    shown = vi.spyOn(console, 'error').mockImplementation(() => {});
    aws = await localAws();
    const token = '11111111-1111-1111-1111-111111111111';
    createSecret({ Name: 's', ClientRequestToken: token, SecretString: 's3cret' }, aws.account);
    page = await browser.newPage();
    await page.goto(`http://evil.example:${(site.address() as AddressInfo).port}/`);
  });
  afterEach(async () => {
    await page.close();
    await aws.close();
    shown.mockRestore();
  });

  /** That the request came, and was refused for this reason, and that nothing came of it. */
  async function expectRefusal(reason: string): Promise<void> {
    await vi.waitFor(() => expect(shown).toHaveBeenCalledWith(expect.stringContaining(reason)), 10_000);
    const { roles, functions, schedules } = aws.account;
    expect(roles.all()).toEqual([]);
    expect(functions.all()).toEqual([]);
    expect(schedules.find('evil')).toBeUndefined();
  }

  /** Runs code in the page, with these arguments. It is text, since the types of a browser are none of this project's. */
  const inPage = (code: string, ...args: unknown[]) => page.evaluate(`(${code})(...${JSON.stringify(args)})`);

  it('makes no role with a form', async () => {
    await inPage(
      `(action, fields) => {
        const form = Object.assign(document.createElement('form'), { method: 'POST', action });
        for (const [name, value] of Object.entries(fields)) {
          form.append(Object.assign(document.createElement('input'), { name, value }));
        }
        document.body.append(form);
        form.submit();
      }`,
      aws.endpoint,
      CREATE_ROLE,
    );
    await expectRefusal('its Origin is "http://evil.example');
  });

  it('makes no role, function or schedule with a request that needs no preflight', async () => {
    const role = new URLSearchParams(CREATE_ROLE).toString();
    const requests: [path: string, type: string, body: string][] = [
      ['/', 'application/x-www-form-urlencoded', role],
      ['/2015-03-31/functions', 'text/plain', '{"FunctionName":"evil"}'],
      ['/schedules/evil', 'text/plain', '{}'],
    ];
    for (const [path, type, body] of requests) {
      const init = { method: 'POST', mode: 'no-cors', headers: { 'content-type': type }, body };
      await inPage('(url, init) => void fetch(url, init)', aws.endpoint + path, init);
      await expectRefusal(`Refused POST "${path}". The local AWS refuses this request because its Origin is`);
    }
    await inPage("(url) => navigator.sendBeacon(url, '{}')", `${aws.endpoint}/beacon`);
    await expectRefusal('Refused POST "/beacon"');
  });

  it('sends no signature, because the preflight is refused', async () => {
    const outcome = await inPage(READ_SECRET, aws.endpoint, READ_HEADERS);
    expect(outcome).toMatch(/Failed to fetch/);
    await expectRefusal('Refused OPTIONS "/"');
  });

  it('reads no secret if its own host name is rebound to this machine', async () => {
    // The page came from the attacker's server, under the same name and port.
    const url = aws.endpoint.replace('127.0.0.1', 'rebound.example');
    await page.route(`${url}/page`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>Hi' }));
    await page.goto(`${url}/page`);
    const answer = await inPage(READ_SECRET, '/', READ_HEADERS);
    expect(answer).toMatch(/^403 .*its Host is/);
    expect(answer).not.toContain('s3cret');
    await expectRefusal('its Host is "rebound.example:');
  });

  it('calls nothing with a picture, a script, a frame or a web socket', async () => {
    const presigned = new URLSearchParams({
      ...CREATE_ROLE,
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0'.repeat(64),
    });
    for (const tag of ['img', 'script', 'iframe']) {
      await inPage(APPEND, tag, `${aws.endpoint}/${tag}?${presigned}`);
      await expectRefusal(`Refused GET "/${tag}". The local AWS refuses this request because its Sec-Fetch-Site is`);
    }
    await inPage('(url) => void new WebSocket(url)', `${aws.endpoint.replace('http', 'ws')}/socket`);
    await expectRefusal('Refused GET "/socket". The local AWS refuses this request because its Origin is');
  });

  it('is also refused if it comes from this machine', async () => {
    await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
    await inPage(APPEND, 'img', `${aws.endpoint.replace('127.0.0.1', 'localhost')}/same`);
    await expectRefusal('Sec-Fetch-Site is "same-site"');
  });
});
