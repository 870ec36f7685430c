import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import type { Protocol } from './protocol.ts';
import { toXml } from './to-xml.ts';

/**
 * AWS's query protocol: a form with the action, the API's version and the parameters. Answers are XML.
 *
 * @param version of the API. It tells which service a request is for: AWS has a host for each service, and here all share one.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function queryProtocol(version: string): Protocol {
  return {
    address: `Version=${version}`,
    isSpokenBy: ({ method, headers, query }) =>
      method === 'GET'
        ? query.Action !== undefined
        : Boolean(headers['content-type']?.startsWith('application/x-www-form-urlencoded')),
    isAddressedBy: (request) => parametersOf(request).Version === version,
    read(request) {
      const { Action = '', Version: _, ...parameters } = parametersOf(request);
      return { action: Action, input: nested(parameters) };
    },
    answer(output, { action }) {
      const result = output === undefined ? '' : `<${action}Result>${toXml(output)}</${action}Result>`;
      return xml(
        200,
        `<${action}Response>${result}<ResponseMetadata>${requestId()}</ResponseMetadata></${action}Response>`,
      );
    },
    refuse({ code, message, statusCode }) {
      const error = toXml({ Type: statusCode < 500 ? 'Sender' : 'Receiver', Code: code, Message: message });
      return xml(statusCode, `<ErrorResponse><Error>${error}</Error>${requestId()}</ErrorResponse>`);
    },
  };
}

/** From the form, or from the query of a GET, which has the signature in it as well. */
function parametersOf({ method, query, body }: HttpRequest): Record<string, string> {
  if (method !== 'GET') return Object.fromEntries(new URLSearchParams(body));
  const parameters = Object.entries(query).filter(([name]) => !name.startsWith('X-Amz-'));
  return Object.fromEntries(parameters.map(([name, value]) => [name, [value].flat()[0] ?? '']));
}

/** AWS's own lists are much shorter. Without a limit, one index could ask for a list of a billion items. */
const MAX_ITEMS = 1_000;
const isBeyond = (key: string) => /^\d+$/.test(key) && Number(key) >= MAX_ITEMS;

/** `Tags.member.1.Key` is the field `Key` of the first item in the list `Tags`. */
function nested(parameters: Readonly<Record<string, string>>): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const path = name.replaceAll(/\.member\.(\d+)/g, (_, place) => `.${place - 1}`).split('.');
    if (path.some(isBeyond)) throw new AwsError('MalformedQueryString', `A list has at most ${MAX_ITEMS} items here.`);
    path.reduce<object>((parent, key, index) => {
      if (!Object.hasOwn(parent, key)) {
        Object.defineProperty(parent, key, { value: empty(path[index + 1], value), enumerable: true });
      }
      return Object(Reflect.get(parent, key));
    }, root);
  }
  return root;
}

function empty(nextKey: string | undefined, value: string): unknown {
  if (nextKey === undefined) return value;
  return /^\d+$/.test(nextKey) ? [] : {};
}

function requestId(): string {
  return `<RequestId>${randomUUID()}</RequestId>`;
}

function xml(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/xml' }, body };
}
