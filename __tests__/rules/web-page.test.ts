import { describe, expect, it } from 'vitest';
import { type BrowserHeaders, placeOf, webPageReason } from '../../rules/web-page.ts';

const HOST = '127.0.0.1:4566';

describe('a request counts as one from a program', () => {
  it.each<[string, BrowserHeaders]>([
    ['127.0.0.1', { host: HOST }],
    ['another loopback address', { host: '127.1.2.3' }],
    ['localhost in any case', { host: 'LocalHost:80' }],
    ['IPv6 loopback', { host: '[::1]:4566' }],
    ['an allowed name', { host: 'Host.Docker.Internal:4566' }],
    ["the server's own page", { host: HOST, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }],
    ['an address that a person typed', { host: HOST, 'sec-fetch-site': 'none' }],
  ])('if it comes to or from %s', (_what, headers) => {
    expect(webPageReason(headers, ['host.docker.internal'])).toBeUndefined();
  });
});

describe('a request counts as one from a web page', () => {
  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4566',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    'localhost.evil.example',
    'localhost.',
    '127.0.0.1:4566:1',
    '0.0.0.0:4566',
    '[::]:4566',
    '[::1].evil.example',
    '127.1',
    '2130706433',
    '192.168.0.2:4566',
  ])('if its Host is %s', (host) => {
    expect(webPageReason({ host })).toMatch(/^its Host is ".*", not a loopback address$/);
  });

  it.each([
    'null',
    'https://evil.example',
    'http://localhost:4566',
    'http://127.0.0.1:3000',
    'http://127.0.0.1',
    `http://${HOST}/`,
    `http://${HOST}, https://evil.example`,
    'chrome-extension://abc',
    '',
  ])('if its Origin is %s', (origin) => {
    expect(webPageReason({ host: HOST, origin })).toBe(`its Origin is "${origin}", a web page`);
  });

  it.each(['cross-site', 'same-site', '', 'none, cross-site', 'NONE'])('if its Sec-Fetch-Site is "%s"', (site) => {
    expect(webPageReason({ host: HOST, 'sec-fetch-site': site })).toMatch(/^its Sec-Fetch-Site is /);
  });

  it('and what it sent reaches no console unescaped', () => {
    const reason = webPageReason({ host: `\u001b]0;title\u0007\u009b${'x'.repeat(1_000)}` });
    expect(reason).toMatch(/^[\x20-\x7e…]+$/);
    expect(reason?.length).toBeLessThan(200);
    expect(placeOf({ method: 'GET', url: '/a\u009bb?token=s3cret' })).toBe('GET "/a\\u009bb"');
  });
});
