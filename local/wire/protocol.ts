import type { AwsError } from '../aws-error.ts';
import type { HttpAnswer, HttpRequest } from '../http-server.ts';

/** What a request asks a service for. */
export interface WireCall {
  /** Such as `GetSecretValue`. */
  readonly action: string;
  /** Its parameters, with AWS's names, unchecked. */
  readonly input: unknown;
}

/** How one service of AWS writes its calls, answers and errors as HTTP. */
export interface Protocol {
  /** How a request addresses the service, in words. */
  readonly address: string;
  isAddressedBy(request: HttpRequest): boolean;
  /** @throws AwsError the request cannot be read. */
  read(request: HttpRequest): WireCall;
  /** @param output what the action answered, or nothing */
  answer(output: unknown, call: WireCall): HttpAnswer;
  refuse(error: AwsError): HttpAnswer;
}
