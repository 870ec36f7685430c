import { publishRead } from './diagnostics.ts';
import { sdkFailure } from './sdk-failure.ts';
import { SecretReadError } from './secret-read-error.ts';
import type { SecretsManagerCalls, VersionAnswer } from './secrets-manager.ts';
import { withDeadline } from './with-deadline.ts';

/** A version as Secrets Manager stores it. */
export interface StoredVersion {
  readonly versionId: string;
  readonly content: string | Uint8Array;
}

export interface ReadOptions {
  readonly calls: SecretsManagerCalls;
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
  { calls, timeoutSeconds, signal }: ReadOptions,
): Promise<StoredVersion> {
  const what = `${versionStage} of ${secretId}`;
  const started = performance.now();
  try {
    const found = await withDeadline(timeoutSeconds, signal, what, (abortSignal) =>
      calls.getSecretValue({ SecretId: secretId, VersionStage: versionStage }, { abortSignal }),
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
export function storedVersion(found: VersionAnswer, what: string): StoredVersion {
  const content = found.SecretString ?? found.SecretBinary;
  if (content !== undefined) return { versionId: found.VersionId ?? '', content };
  throw new SecretReadError('SECRET_VALUE', `${what} has no value; expected a SecretString or a SecretBinary.`);
}
