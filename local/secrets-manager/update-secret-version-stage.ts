import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId, VersionId, VersionStage } from './fields.ts';
import { tellOfLabels } from './tell-of-labels.ts';
import { refuseTooManyLabels } from './write-version.ts';

/**
 * Moves a staging label to another version, attaches it, or removes it.
 *
 * @throws InvalidParameterException `RemoveFromVersionId` does not name the version that has the label, or
 * no version would have `AWSCURRENT`.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export const updateSecretVersionStage = action(
  v.strictObject({
    SecretId,
    VersionStage,
    RemoveFromVersionId: v.optional(VersionId),
    MoveToVersionId: v.optional(VersionId),
  }),
  ({ SecretId, VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to }, account) => {
    const secret = writableSecret(SecretId, account);
    const missing = [from, to].find((versionId) => versionId && !secret.versions.has(versionId));
    if (missing) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for VersionId: ${missing}`,
      );
    }
    refuseWrongSource(stage, from, secret.stages.get(stage), to);

    if (to) refuseTooManyLabels(secret, to, [stage]);
    secret.remember();
    const isMoved = to !== undefined && secret.stages.get(stage) !== to;
    if (to) secret.attach(stage, to);
    else secret.stages.delete(stage);
    secret.lastChangedDate = account.clock.now();
    // The rotation's own version is current: AWS counts it as rotated, whatever the function still does.
    const { lastRun } = secret;
    if (stage === 'AWSCURRENT' && lastRun?.isUnderWay && lastRun.versionId === to) {
      secret.lastRotatedDate = account.clock.now();
    }
    if (isMoved) tellOfLabels(secret, [stage], to, account);
    return { ARN: secret.arn, Name: secret.name };
  },
);

function refuseWrongSource(
  stage: string,
  from: string | undefined,
  holder: string | undefined,
  to: string | undefined,
): void {
  if (from && from !== holder) {
    throw invalid(`The staging label ${stage} is not attached to version ${from}, which RemoveFromVersionId names.`);
  }
  if (!from && holder && holder !== to) {
    throw invalid(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (!from && !to) throw invalid('You must provide MoveToVersionId, RemoveFromVersionId, or both.');
  if (stage === 'AWSCURRENT' && !to) {
    throw invalid("You can only move staging label AWSCURRENT to a different secret version. It can't be removed.");
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
