import { SecretReadError } from './secret-read-error.ts';

/** What Secrets Manager answers to GetSecretValue, as far as it is read. */
export interface VersionAnswer {
  readonly VersionId?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

interface VersionRequest {
  readonly SecretId: string;
  readonly VersionStage: string;
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** What reads secrets: a client of the AWS SDK version 3, or anything that answers as its `getSecretValue` does. */
export type SecretsManager =
  | { readonly send: (command: never, options: CallOptions) => Promise<unknown> }
  | { readonly getSecretValue: (input: VersionRequest, options: CallOptions) => Promise<VersionAnswer> };

/** Of the AWS SDK. */
interface Client {
  send(command: object, options: CallOptions): Promise<VersionAnswer>;
  destroy(): void;
}

/** The call that a reader makes, by the client that its user gave, or by one of its own. */
export interface SecretsManagerCalls {
  getSecretValue(input: VersionRequest, options: CallOptions): Promise<VersionAnswer>;
  /** A client that its user gave stays open. */
  close(): void;
}

export function secretsManagerCalls(given: SecretsManager | undefined): SecretsManagerCalls {
  let own: Client | undefined;
  return {
    async getSecretValue(input, options) {
      if (given && 'getSecretValue' in given) return given.getSecretValue(input, options);
      const { GetSecretValueCommand, SecretsManagerClient } = await awsSdk();
      if (!given) own ??= new SecretsManagerClient() as unknown as Client;
      const client = (given ?? own) as Client;
      return client.send(new GetSecretValueCommand(input), options);
    },
    close: () => own?.destroy(),
  };
}

/** Loaded at the first call, so that an application with another source can do without it. */
function awsSdk() {
  return import('@aws-sdk/client-secrets-manager').catch((error: unknown) => {
    if (!/MODULE_NOT_FOUND/.test((error as { code: string }).code)) throw error;
    const name = '@aws-sdk/client-secrets-manager';
    throw new SecretReadError('CONFIGURATION', `The package ${name} is not installed. Run npm install ${name}.`);
  });
}
