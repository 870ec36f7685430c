import type { AwsError } from '../aws-error.ts';
import type { BodyLimit, HttpAnswer, HttpRequest, RequestHead } from '../http-server.ts';

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
  /** Whether the head of a request is in this protocol. Services may share one. */
  isSpokenBy(head: RequestHead): boolean;
  /** Whether a request in this protocol is for this service. */
  isAddressedBy(request: HttpRequest): boolean;
  /** How large the body of a request may be. @default what the server allows */
  bodyLimit?(head: RequestHead): BodyLimit | undefined;
  /** @throws AwsError the request cannot be read. */
  read(request: HttpRequest): WireCall;
  /** @param output what the action answered, or nothing */
  answer(output: unknown, call: WireCall): HttpAnswer;
  refuse(error: AwsError): HttpAnswer;
}
