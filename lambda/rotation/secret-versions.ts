import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Deadline } from './deadline.ts';
import { RotationError } from './rotation-error.ts';
import { secretName } from './rotation-event.ts';

/** A version's text, with the labels it had when it was read. */
export interface StoredVersion {
  readonly versionId: string;
  readonly stages: readonly string[];
  readonly secretString: string;
  /** Whether it is stored as bytes, `SecretBinary`. */
  readonly isBinary: boolean;
}

/** Keeps a byte order mark, which is told by name. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Made once for the process, so that the four steps share its connection. */
const client = new SecretsManagerClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
});

/** The Secrets Manager calls of one invocation, each within its deadline. */
export class SecretVersions {
  constructor(private readonly deadline: Deadline) {}

  describe(secretId: string): Promise<DescribeSecretCommandOutput> {
    return this.#call('DescribeSecret', (abort) =>
      client.send(new DescribeSecretCommand({ SecretId: secretId }), abort),
    );
  }

  /**
   * A version by its id, its label, or both.
   * @returns undefined where there is no such version, or it has no value yet
   */
  async read(
    secretId: string,
    which: { VersionId?: string; VersionStage?: string },
  ): Promise<StoredVersion | undefined> {
    try {
      const found = await this.#call('GetSecretValue', (abort) =>
        client.send(new GetSecretValueCommand({ SecretId: secretId, ...which }), abort),
      );
      const { VersionId: versionId = '', VersionStages: stages = [], SecretString, SecretBinary } = found;
      if (SecretString !== undefined) return { versionId, stages, secretString: SecretString, isBinary: false };
      return { versionId, stages, secretString: textOf(SecretBinary ?? new Uint8Array(), secretId), isBinary: true };
    } catch (error) {
      // Nothing but this one: a rotation that takes a refused read for a missing value would overwrite a live one.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /**
   * Stores the pending version. The version's id is the token, so a repeated call stores nothing twice.
   * @throws ResourceExistsException (AWS's own) where the version already has another value
   */
  async putPending(
    secretId: string,
    versionId: string,
    { secretString, isBinary }: Pick<StoredVersion, 'secretString' | 'isBinary'>,
    rotationToken: string | undefined,
  ) {
    await this.#call('PutSecretValue', (abort) =>
      client.send(
        new PutSecretValueCommand({
          SecretId: secretId,
          ClientRequestToken: versionId,
          ...(isBinary ? { SecretBinary: Buffer.from(secretString) } : { SecretString: secretString }),
          VersionStages: ['AWSPENDING'],
          RotationToken: rotationToken,
        }),
        abort,
      ),
    );
  }

  /** Moves a label: `to` gets it, `from` loses it; either may be absent. */
  async moveStage(secretId: string, stage: string, { from, to }: { from?: string | undefined; to?: string }) {
    await this.#call('UpdateSecretVersionStage', (abort) =>
      client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: stage,
          MoveToVersionId: to,
          RemoveFromVersionId: from,
        }),
        abort,
      ),
    );
  }

  /** The ids of all versions that are listed, unlabelled ones included, newest first. */
  async newestFirst(secretId: string): Promise<readonly string[]> {
    const versions: { id: string; created: number }[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#call('ListSecretVersionIds', (abort) =>
        client.send(new ListSecretVersionIdsCommand({ SecretId: secretId, IncludeDeprecated: true, NextToken }), abort),
      );
      for (const { VersionId, CreatedDate } of page.Versions ?? []) {
        if (VersionId !== undefined) versions.push({ id: VersionId, created: CreatedDate?.getTime() ?? 0 });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return versions.sort((a, b) => b.created - a.created).map(({ id }) => id);
  }

  #call<Output>(action: string, send: (abort: { abortSignal: AbortSignal }) => Promise<Output>): Promise<Output> {
    return this.deadline.within(`Secrets Manager ${action}`, () => send({ abortSignal: this.deadline.signal }));
  }
}

/** @throws SECRET_VALUE for bytes that are no text: nothing in them can be changed */
function textOf(bytes: Uint8Array, secretId: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new RotationError(
      'SECRET_VALUE',
      `The secret ${secretName(secretId)} holds bytes (SecretBinary) that are not UTF-8 text. Expected text: a JSON object, or ` +
        "one plain string with format 'text'. Store it as text.",
    );
  }
}
