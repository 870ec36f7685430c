import { placeOf } from '../rules/web-page.ts';
import type { Account } from './account.ts';
import { admitRequest, unsigned } from './admit-request.ts';
import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';
import { dispatch } from './dispatch.ts';
import type { Faults } from './faults/faults.ts';
import { asAwsError, type HttpRequest, type RequestHandler, type RequestHead } from './http-server.ts';
import type { LocalControl } from './local-control.ts';
import { type Service, services } from './services.ts';
import { jsonRefusal } from './wire/json-protocol.ts';
import { type Signature, signatureOf } from './wire/signature.ts';

/** What all requests but those with an archive may have: none of them needs a tenth of it. */
const MAX_BODY_BYTES = 1_048_576;

export interface RequestContext {
  /** The default account, in the default region. */
  readonly account: Account;
  readonly faults: Faults;
  readonly local: LocalControl;
  /** Names besides loopback that the account may be called by, in lower case. */
  readonly hostNames: readonly string[];
}

/** Answers each request in the protocol of the service that it is addressed to. */
export function answering(context: () => RequestContext): RequestHandler {
  const said = new Set<string>();
  return {
    admit(head) {
      try {
        admitRequest(head, context().hostNames);
      } catch (error) {
        sayOnce(said, `Refused ${placeOf({ method: head.method, url: head.path })}. ${(error as AwsError).message}`);
        throw error;
      }
      return protocolOf(head)?.bodyLimit?.(head) ?? { maxBytes: MAX_BODY_BYTES };
    },
    refuse: (error, head) => (protocolOf(head)?.refuse ?? jsonRefusal)(error),
    async answer(request) {
      const { account, faults, local } = context();
      if (isReset(request)) {
        await local.reset();
        return { statusCode: 204, headers: {}, body: '' };
      }
      const service = addressee(request);
      const { protocol } = service;
      try {
        const call = protocol.read(request);
        const sdkCallId = request.headers['amz-sdk-invocation-id'];
        const output = await dispatch({ service, ...call, signature: signedBy(request), sdkCallId }, account, faults);
        if (!/^(Get|List|Describe|Batch|Validate|Filter)/.test(call.action)) await local.save();
        return protocol.answer(output, call);
      } catch (error) {
        if (error instanceof ConnectionLost) throw error;
        return protocol.refuse(asAwsError(error));
      }
    },
  };
}

/** Empties all accounts: a call of our own, for tests. */
function isReset({ method, path }: RequestHead): boolean {
  return method === 'POST' && path === '/_local/reset';
}

function signedBy(request: HttpRequest): Signature {
  const signature = signatureOf(request);
  if (signature === undefined) throw unsigned();
  return signature;
}

/** A page can send thousands of requests a second: each refusal is said once, and not endlessly many. */
function sayOnce(said: Set<string>, message: string): void {
  if (said.has(message) || said.size >= 100) return;
  said.add(message);
  console.error(message);
}

/** The protocol of a request, as far as its head tells: IAM and STS share one. */
function protocolOf(head: RequestHead): Service['protocol'] | undefined {
  return services.find(({ protocol }) => protocol.isSpokenBy(head))?.protocol;
}

/** @throws UnknownOperationException the request is addressed to no service that works here. */
function addressee(request: HttpRequest): Service {
  const service = services.find(({ protocol }) => protocol.isSpokenBy(request) && protocol.isAddressedBy(request));
  if (service) return service;
  const known = services.map(({ name, protocol: { address } }) => `${name} (${address})`).join(', ');
  const { 'x-amz-target': target = '' } = request.headers;
  throw new AwsError(
    'UnknownOperationException',
    `${request.method} ${request.path} with the X-Amz-Target "${target}" names no service of the local AWS. It has ${known}.`,
  );
}
