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

interface BatchAnswer {
  readonly SecretValues?: readonly (VersionAnswer & { readonly Name?: string; readonly ARN?: string })[];
}

/** Sends a command of the AWS SDK. */
type Send = (command: object, options: CallOptions) => Promise<unknown>;

/** The calls that a reader makes, by the client that its user gave, or by one of its own. */
export class SecretsManagerCalls {
  readonly #given: SecretsManager | undefined;
  #own: { readonly send: unknown; readonly destroy: () => void } | undefined;

  constructor(given: SecretsManager | undefined) {
    this.#given = given;
  }

  async getSecretValue(input: VersionRequest, options: CallOptions): Promise<VersionAnswer> {
    const given = this.#given;
    if (given && 'getSecretValue' in given) return given.getSecretValue(input, options);
    const { GetSecretValueCommand } = await awsSdk();
    return (await this.#send(new GetSecretValueCommand(input), options)) as VersionAnswer;
  }

  async batchGetSecretValue(SecretIdList: string[], options: CallOptions): Promise<BatchAnswer> {
    const { BatchGetSecretValueCommand } = await awsSdk();
    return (await this.#send(new BatchGetSecretValueCommand({ SecretIdList }), options)) as BatchAnswer;
  }

  /** A client that its user gave stays open. */
  close(): void {
    this.#own?.destroy();
  }

  async #send(command: object, options: CallOptions): Promise<unknown> {
    const given = this.#given;
    if (given && 'send' in given) return (given.send as Send).call(given, command, options);
    const { SecretsManagerClient } = await awsSdk();
    this.#own ??= new SecretsManagerClient();
    return (this.#own.send as Send).call(this.#own, command, options);
  }
}

/** Loaded at the first call, so that an application with another source can do without it. */
function awsSdk() {
  return import('@aws-sdk/client-secrets-manager').catch((error: unknown) => {
    if (!/MODULE_NOT_FOUND/.test(String((error as { code?: unknown }).code))) throw error;
    throw new SecretReadError(
      'CONFIGURATION',
      'The package @aws-sdk/client-secrets-manager is not installed. Run npm install @aws-sdk/client-secrets-manager.',
    );
  });
}
