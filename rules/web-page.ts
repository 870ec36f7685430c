import type { IncomingMessage, RequestListener } from 'node:http';

/** The headers that a browser sets itself, so that no script of a web page can change them. */
export interface BrowserHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/**
 * Why a request to a server on this machine may have come from a web page, such as one that the developer visits: any page can
 * send requests to loopback, and a page whose own host name is rebound to loopback can read the answers.
 *
 * @param hostNames names besides loopback that the server may be called by, in lower case
 * @returns undefined if it came from a program
 * @see https://fetch.spec.whatwg.org/#origin-header
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function webPageReason(
  { host = '', origin, 'sec-fetch-site': site }: BrowserHeaders,
  hostNames: readonly string[] = [],
): string | undefined {
  const [, name = ''] = /^(\[[\da-f:]+\]|[^:]+)(?::\d+)?$/.exec(host.toLowerCase()) ?? [];
  if (!LOOPBACK.test(name) && !hostNames.includes(name)) return `its Host is ${quoted(host)}, not a loopback address`;
  const own = [`http://${host}`, `https://${host}`];
  if (origin !== undefined && !own.includes(origin)) return `its Origin is ${quoted(origin)}, a web page`;
  if (site !== undefined && site !== 'none' && site !== 'same-origin') {
    return `its Sec-Fetch-Site is ${quoted(String(site))}, so a web page sent it`;
  }
  return undefined;
}

const LOOPBACK = /^(localhost|127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])$/;

/** What the listener answers, or a 403 for a web page: before the body is read, and said on the console. */
export function refusingWebPages(listener: RequestListener): RequestListener {
  return (request, response) => {
    const reason = webPageReason(request.headers);
    if (reason === undefined) return listener(request, response);
    const message = `Refused ${placeOf(request)}: ${reason}. Only programs on this machine may call this server.`;
    console.error(message);
    response.writeHead(403, { 'content-type': 'text/plain' }).end(`${message}\n`);
  };
}

/** What a request asks for, fit for a console: method and path, without the query, which may hold a secret. */
export function placeOf({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): string {
  return `${method} ${quoted(url.replace(/\?.*$/s, ''))}`;
}

/** Such text is a stranger's: no control character of it reaches a terminal, and no more of it than tells what it is. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text).replaceAll(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
