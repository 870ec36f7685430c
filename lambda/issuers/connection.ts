/** How issuers are reached. */
export interface Connection {
  /** Ends what is under way shortly before the function's time is over. */
  readonly signal: AbortSignal;
  /** Answers in place of every host that is asked. */
  readonly endpointUrl?: string | undefined;
  readonly tls?: TlsSettings;
  /** The proxy that connections go through, such as `http://proxy.internal:3128`. */
  readonly proxy?: string | undefined;
}

/** PEM, all of it. */
export interface TlsSettings {
  /** An authority to trust besides those that Node.js knows. */
  readonly ca?: string | undefined;
  /** What this client proves who it is with. @see https://www.rfc-editor.org/rfc/rfc8705 */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}
