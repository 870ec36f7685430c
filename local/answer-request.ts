import type { Account } from './account.ts';
import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';
import { dispatch } from './dispatch.ts';
import type { Faults } from './faults/faults.ts';
import { asAwsError, type HttpAnswer, type HttpRequest } from './http-server.ts';
import { type Service, services } from './services.ts';

/**
 * Answers one request in the protocol of the service that it is addressed to.
 *
 * @throws AwsError the request is addressed to no known service.
 * @throws ConnectionLost a fault takes the answer.
 */
export async function answerRequest(request: HttpRequest, account: Account, faults: Faults): Promise<HttpAnswer> {
  const service = addressee(request);
  const { protocol } = service;
  try {
    const call = protocol.read(request);
    const { authorization = '', 'amz-sdk-invocation-id': sdkCallId } = request.headers;
    // The signature is not checked.
    const [, accessKeyId] = /Credential=([^/,\s]+)\//.exec(authorization) ?? [];
    return protocol.answer(await dispatch({ service, ...call, accessKeyId, sdkCallId }, account, faults), call);
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    return protocol.refuse(asAwsError(error));
  }
}

function addressee(request: HttpRequest): Service {
  const service = services.find(({ protocol }) => protocol.isAddressedBy(request));
  if (service) return service;
  const known = services.map(({ name, protocol: { address } }) => `${name} (${address})`).join(', ');
  const { 'x-amz-target': target = '' } = request.headers;
  throw new AwsError(
    'UnknownOperationException',
    `${request.method} ${request.path} with the X-Amz-Target "${target}" names no service of the local AWS. It has ${known}.`,
  );
}
