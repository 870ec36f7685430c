import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../http-server.ts';
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
    isAddressedBy: ({ headers, body }) =>
      Boolean(headers['content-type']?.startsWith('application/x-www-form-urlencoded')) &&
      new URLSearchParams(body).get('Version') === version,
    read({ body }) {
      const { Action = '', Version: _, ...parameters } = Object.fromEntries(new URLSearchParams(body));
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

/** `Tags.member.1.Key` is the field `Key` of the first item in the list `Tags`. */
function nested(parameters: Readonly<Record<string, string>>): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const path = name.replaceAll(/\.member\.(\d+)/g, (_, place) => `.${place - 1}`).split('.');
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
