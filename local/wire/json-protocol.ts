import type { AwsError } from '../aws-error.ts';
import type { HttpAnswer } from '../http-server.ts';
import { parseJson } from './parse-json.ts';
import type { Protocol } from './protocol.ts';
import { stringifyJson } from './stringify-json.ts';

/**
 * AWS's JSON 1.1 protocol: the action is in the header `X-Amz-Target`, everything else is in the body.
 *
 * @param prefix what comes before the action in that header
 * @param olderCodes of a service that spoke the query protocol before, the codes that its errors had then: clients still look for them
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonProtocol(prefix: string, olderCodes: Readonly<Record<string, string>> = {}): Protocol {
  return {
    address: `X-Amz-Target: ${prefix}.…`,
    isSpokenBy: ({ headers }) => targetOf(headers)[0] === prefix,
    isAddressedBy: ({ method }) => method === 'POST',
    read: ({ headers, body }) => ({ action: targetOf(headers)[1], input: parseJson(body) }),
    answer: (output) => answered(200, output === undefined ? '' : stringifyJson(output)),
    refuse(error) {
      const answer = jsonRefusal(error);
      const older = olderCodes[error.code];
      if (older === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${older};Sender` } };
    },
  };
}

/** An error as the JSON protocol writes it. Also used if the protocol is unknown. */
export function jsonRefusal({ code, message, statusCode }: AwsError): HttpAnswer {
  return answered(statusCode, JSON.stringify({ __type: code, Message: message }));
}

function targetOf(headers: Readonly<Record<string, string | undefined>>): [prefix: string, action: string] {
  const [, prefix = '', action = ''] = /^(.*)\.(.*)$/.exec(headers['x-amz-target'] ?? '') ?? [];
  return [prefix, action];
}

function answered(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}
