import type { GoogleState } from './google-state.ts';

/** A request, read. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bearer: string | undefined;
  /** The project that is to pay for the call. */
  readonly quotaProject?: string | undefined;
  /** A form's fields, or those of a JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An HTTP status, and what goes with it. */
export type Answer = readonly [status: number, body: object];

/** One of Google's services. */
export type Service = (asked: Asked, google: GoogleState) => Answer | Promise<Answer>;

/** How OAuth refuses. */
export function oauthError(status: number, error: string, error_description: string): Answer {
  return [status, { error, error_description }];
}

/** How all of Google's other APIs do. */
export function apiError(code: number, status: string, message: string, reason?: string): Answer {
  const details = reason && [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }];
  return [code, { error: { code, message, status, ...(details && { details }) } }];
}
