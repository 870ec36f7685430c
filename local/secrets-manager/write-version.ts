import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { refuseUnusableKey } from './refuse-unusable-key.ts';
import { scheduleNextRotation } from './schedule-next-rotation.ts';
import type { Secret } from './secret.ts';
import type { SecretValue } from './secret-content.ts';
import { tellOfLabels } from './tell-of-labels.ts';

export interface NewVersion {
  /** The request's token. */
  readonly versionId: string;
  readonly value: SecretValue;
  readonly stages: readonly string[];
}

/**
 * Adds a version to the secret, or gives the empty version of a rotation its value. If the version already has this value,
 * nothing changes, so that a call can be repeated.
 *
 * @throws ResourceExistsException the version has another value.
 * @throws EncryptionFailure the secret's key does not exist, or is to be deleted.
 */
export function writeVersion(secret: Secret, { versionId, value, stages }: NewVersion, account: Account): void {
  const existing = secret.versions.get(versionId);
  if (existing?.value) {
    refuseOther(existing.value, value, versionId, secret);
    return;
  }
  refuseUnusableKey(secret.kmsKeyId, account);
  const labels = secret.versions.size === 0 ? new Set(['AWSCURRENT', ...stages]) : new Set(stages);
  refuseTooManyLabels(secret, versionId, [...labels], labels.has('AWSCURRENT') ? ['AWSPENDING'] : []);
  secret.remember();
  const now = account.clock.now();
  const version = existing ?? secret.addVersion(versionId, now);
  version.value = value;
  if (labels.has('AWSCURRENT')) abandonRotation(secret, account);
  const moved = [...labels].filter((label) => secret.stages.get(label) !== versionId);
  for (const label of labels) secret.attach(label, versionId);
  secret.lastChangedDate = now;
  secret.prune(now);
  if (labels.has('AWSCURRENT')) scheduleNextRotation(secret, account, now);
  tellOfLabels(secret, moved, versionId, account);
}

const MOST_LABELS = 20;

/**
 * Counts what Secrets Manager attaches by itself, too: `AWSPREVIOUS` where `AWSCURRENT` moves.
 *
 * @param removed what it takes from other versions by itself
 * @throws LimitExceededException all its versions together would have more labels than AWS allows.
 */
export function refuseTooManyLabels(
  secret: Secret,
  versionId: string,
  added: readonly string[],
  removed: readonly string[] = [],
): void {
  const holder = secret.stages.get('AWSCURRENT');
  const moves = added.includes('AWSCURRENT') && holder !== undefined && holder !== versionId;
  const kept = [...secret.stages.keys()].filter((label) => !removed.includes(label));
  if (new Set([...kept, ...added, ...(moves ? ['AWSPREVIOUS'] : [])]).size <= MOST_LABELS) return;
  throw new AwsError(
    'LimitExceededException',
    `The request failed because it would exceed the quota of ${MOST_LABELS} staging labels attached across all versions of a secret.`,
  );
}

function abandonRotation(secret: Secret, account: Account): void {
  const versionId = secret.stages.get('AWSPENDING');
  if (versionId === undefined) return;
  secret.stages.delete('AWSPENDING');
  account.events.emit('rotationAbandoned', { secretArn: secret.arn, versionId });
}

function refuseOther(existing: SecretValue, value: SecretValue, versionId: string, secret: Secret): void {
  if (existing.SecretString === value.SecretString && existing.SecretBinary === value.SecretBinary) return;
  throw new AwsError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${versionId} because that value is already in use for a version of secret ${secret.arn}.`,
  );
}
