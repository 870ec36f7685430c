import { AwsError } from '../aws-error.ts';
import type { HttpAnswer, HttpRequest, RequestHead } from '../http-server.ts';
import { parseJson } from './parse-json.ts';
import type { Protocol } from './protocol.ts';
import { stringifyJson } from './stringify-json.ts';

/** Where one action of a REST API is: `PUT /2017-10-31/functions/{FunctionName}/concurrency`. */
export interface Route {
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Its parts in braces are parameters. */
  readonly path: string;
  /** The status of an answer. @default 200 */
  readonly statusCode?: number;
  /** The most bytes of a request's body. @default what the server allows */
  readonly maxBodyBytes?: number;
  /** The parameter that is the whole body, of a request and of an answer, and those that are headers. @default none */
  readonly payload?: { readonly member: string; readonly headers: Readonly<Record<string, string>> };
}

export interface RestService {
  /** Such as `Lambda`. */
  readonly name: string;
  /** How the paths of its actions begin, such as `/schedules/`. Paths of its unknown actions may begin the same way. */
  readonly prefix: string;
  readonly routes: readonly Route[];
}

/**
 * AWS's REST-JSON protocol: the method and the path say which action. Parameters are in the path, the query and the body.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function restProtocol({ name, prefix, routes }: RestService): Protocol {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  const routeOf = ({ method, path }: RequestHead) =>
    patterns.find(({ route, pattern }) => route.method === method && pattern.test(path));
  return {
    address: routes[0]?.path ?? prefix,
    isSpokenBy: ({ path }) => path.startsWith(prefix),
    isAddressedBy: () => true,
    bodyLimit(head) {
      const { maxBodyBytes: maxBytes, action: operation } = routeOf(head)?.route ?? {};
      return maxBytes === undefined ? undefined : { maxBytes, operation };
    },
    read(request) {
      const { method, path, query, body, headers } = request;
      const { route, pattern } = routeOf(request) ?? {};
      if (route === undefined) {
        throw new AwsError(
          'UnknownOperationException',
          `${method} ${path} is not an action of the local ${name}.`,
          404,
        );
      }
      const members =
        route.payload === undefined ? parsed(body) : { ...named(headers, route.payload), [route.payload.member]: body };
      return { action: route.action, input: { ...members, ...decoded(pattern?.exec(path)?.groups), ...query } };
    },
    answer(output, { action }) {
      const { statusCode = 200, payload } = routes.find((route) => route.action === action) ?? {};
      if (payload === undefined) return answered(statusCode, output === undefined ? '' : stringifyJson(output));
      const { [payload.member]: body = '', StatusCode = statusCode, ...members } = Object(output);
      const headers = Object.entries(payload.headers).filter(([, member]) => members[member] !== undefined);
      return answered(StatusCode, body, Object.fromEntries(headers.map(([name, member]) => [name, members[member]])));
    },
    refuse({ code, message, statusCode }) {
      const type = statusCode < 500 ? 'User' : 'Service';
      return answered(statusCode, JSON.stringify({ Type: type, Message: message }), { 'x-amzn-errortype': code });
    },
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`);
}

/** What headers say, by the names of the parameters. */
function named(headers: HttpRequest['headers'], payload: NonNullable<Route['payload']>): object {
  const given = Object.entries(payload.headers).filter(([name]) => headers[name] !== undefined);
  return Object.fromEntries(given.map(([name, member]) => [member, headers[name]]));
}

function parsed(body: string): object {
  return Object(parseJson(body));
}

function decoded(groups: Readonly<Record<string, string>> = {}): HttpRequest['query'] {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new AwsError('SerializationException', 'The path of the request has a % that encodes nothing.');
  }
}

function answered(statusCode: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body };
}
