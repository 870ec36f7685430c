/** The client alone, without the pool and the native bindings that `pg` brings along: 5 kB of the archive. */
declare module 'pg/lib/client.js' {
  import type { TLSSocket } from 'node:tls';
  import type { ClientConfig, Client as PublicClient } from 'pg';

  /** What a server says of itself at the beginning, such as its version. */
  interface ParameterStatus {
    readonly parameterName: string;
    readonly parameterValue: string;
  }

  /** What answers a server that asks for a password: the driver has no option for that. */
  class Client extends PublicClient {
    constructor(config: ClientConfig & { readonly enableChannelBinding: boolean; readonly scramMaxIterations: number });
    protected enableChannelBinding: boolean;
    /** Of the server's process, as the server says it at the beginning. */
    readonly processID: number | null;
    protected readonly connection: {
      emit(event: 'error', error: Error): void;
      on(event: 'parameterStatus', listener: (message: ParameterStatus) => void): void;
      readonly stream: TLSSocket;
    };
    protected _handleAuthCleartextPassword(message: unknown): void;
    protected _handleAuthMD5Password(message: unknown): void;
    protected _handleAuthSASL(message: unknown): void;
    protected _handleAuthSASLContinue(message: { readonly data: string }): Promise<void>;
    protected _handleAuthSASLFinal(message: unknown): void;
    protected _handleReadyForQuery(message: unknown): void;
    /** Null once the server has proved that it knows the password. */
    protected readonly saslSession: object | null | undefined;
    protected getStartupConf(): Record<string, string>;
  }
  // biome-ignore lint/style/noDefaultExport: how a CommonJS module is imported
  export default Client;
}
