/** `rotaform-client/batch`: reads that begin together, as one call. */
import { BatchGetSecretValueCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { expect, isCall } from './check-options.ts';
import type { SecretsManager, VersionAnswer } from './secrets-manager.ts';

/** A client of the AWS SDK. */
interface Client {
  send(command: never, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

interface BatchAnswer {
  readonly SecretValues?: readonly (VersionAnswer & { readonly Name?: string; readonly ARN?: string })[];
}

interface Read {
  readonly secretId: string;
  /** Takes what a batch brought; undefined where it did not. */
  readonly settle: (found: VersionAnswer | undefined) => void;
  readonly abortSignal: AbortSignal;
}

/** How many BatchGetSecretValue takes. */
const MOST = 20;

/**
 * Reads of `AWSCURRENT` that begin together, such as those of a prefetch, become one call for each twenty of them. That needs
 * `secretsmanager:BatchGetSecretValue`, an action that only `"Resource": "*"` can allow, besides `GetSecretValue`. What a batch
 * does not bring is read by a call of its own.
 *
 * @throws SecretReadError CONFIGURATION the client is none of the AWS SDK
 * @example
 * const cache = secretsCache({ client: batching(new SecretsManagerClient()) });
 */
export function batching(client: Client): SecretsManager {
  expect('client', client, ['a SecretsManagerClient, with a send method', (found: Client) => isCall(found?.send)]);
  const send = (command: object, abortSignal: AbortSignal) => client.send(command as never, { abortSignal });
  let isDenied = false;
  let waiting: Read[] = [];

  async function readBatch(reads: readonly Read[]): Promise<void> {
    const [{ abortSignal }] = reads as readonly [Read];
    const SecretIdList = [...new Set(reads.map(({ secretId }) => secretId))];
    const isBatch = SecretIdList.length > 1 && !isDenied;
    const answer = isBatch ? send(new BatchGetSecretValueCommand({ SecretIdList }), abortSignal) : {};
    const { SecretValues = [] } = (await Promise.resolve(answer).catch((error: unknown) => {
      isDenied ||= /^AccessDenied/.test((error as Error).name);
      return {};
    })) as BatchAnswer;
    for (const { secretId, settle } of reads) {
      settle(SecretValues.find(({ Name, ARN }) => secretId === Name || secretId === ARN));
    }
  }

  function readAll(): void {
    const reads = waiting;
    waiting = [];
    for (let first = 0; first < reads.length; first += MOST) readBatch(reads.slice(first, first + MOST));
  }

  return {
    async getSecretValue(input, { abortSignal }) {
      const inBatch =
        input.VersionStage === 'AWSCURRENT' &&
        (await new Promise<VersionAnswer | undefined>((settle) => {
          if (waiting.length === 0) Promise.resolve().then(readAll);
          waiting.push({ secretId: input.SecretId, settle, abortSignal });
        }));
      return inBatch || ((await send(new GetSecretValueCommand(input), abortSignal)) as VersionAnswer);
    },
  };
}
