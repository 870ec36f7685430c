import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { publishRead } from './diagnostics.ts';
import { sdkFailure } from './sdk-failure.ts';
import { SecretReadError } from './secret-read-error.ts';
import { withDeadline } from './with-deadline.ts';

/** The user's own client: its region, credentials, retries and endpoint are its owner's. */
export type SecretsManager = Pick<SecretsManagerClient, 'send'>;

/** A version as Secrets Manager stores it. */
export interface StoredVersion {
  readonly versionId: string;
  readonly content: string | Uint8Array;
}

export interface ReadOptions {
  readonly client: SecretsManager;
  readonly timeoutSeconds: number;
  /** Gives the call up. */
  readonly signal: AbortSignal;
}

/**
 * The version with that label: one call, which names the label, so that a policy's condition on
 * `secretsmanager:VersionStage` holds.
 *
 * @throws SecretReadError
 */
export async function readVersion(
  secretId: string,
  versionStage: string,
  { client, timeoutSeconds, signal }: ReadOptions,
): Promise<StoredVersion> {
  const what = `${versionStage} of ${secretId}`;
  const started = performance.now();
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: versionStage });
    const found = await withDeadline(timeoutSeconds, signal, what, (abortSignal) =>
      client.send(command, { abortSignal }),
    );
    const stored = storedVersion(found, what);
    publishRead({ secretId, versionStage, milliseconds: performance.now() - started });
    return stored;
  } catch (error) {
    const failure = sdkFailure(error, what);
    publishRead({ secretId, versionStage, milliseconds: performance.now() - started, errorCode: failure.code });
    throw failure;
  }
}

/** @throws SECRET_VALUE where there is neither text nor bytes */
export function storedVersion(
  found: { VersionId?: string | undefined; SecretString?: string | undefined; SecretBinary?: Uint8Array | undefined },
  what: string,
): StoredVersion {
  const content = found.SecretString ?? found.SecretBinary;
  if (content !== undefined) return { versionId: found.VersionId ?? '', content };
  throw new SecretReadError('SECRET_VALUE', `${what} holds nothing; expected a SecretString or a SecretBinary.`);
}
