import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { usableSecret } from './existing-secret.ts';
import { SecretId, VersionId, VersionStage } from './fields.ts';
import type { Secret } from './secret.ts';

/**
 * Reads one version: the current one, unless the request gives an id or a stage.
 *
 * @throws ResourceNotFoundException no such secret or version, or the version is still empty.
 * @throws InvalidRequestException the id and the stage belong to two different versions.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export const getSecretValue = action(
  v.strictObject({
    SecretId,
    VersionId: v.optional(VersionId),
    VersionStage: v.optional(VersionStage),
  }),
  ({ SecretId, VersionId, VersionStage }, account) => {
    const secret = usableSecret(SecretId, account);
    const versionId = VersionId ?? secret.stages.get(VersionStage ?? 'AWSCURRENT');
    const version = versionId === undefined ? undefined : secret.versions.get(versionId);
    if (versionId === undefined || !version?.value) {
      throw notFound(VersionId ? `VersionId: ${VersionId}` : `staging label: ${VersionStage ?? 'AWSCURRENT'}`);
    }
    refuseOtherStage(secret, versionId, VersionStage);

    const today = new Date(account.clock.now().setUTCHours(0, 0, 0, 0));
    secret.lastAccessedDate = today;
    version.lastAccessedDate = today;
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: versionId,
      ...version.value,
      VersionStages: secret.stagesOf(versionId),
      CreatedDate: version.createdDate,
    };
  },
);

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`);
}

function refuseOtherStage(secret: Secret, versionId: string, stage: string | undefined): void {
  if (stage === undefined || secret.stages.get(stage) === versionId) return;
  throw new AwsError(
    'InvalidRequestException',
    'You provided a VersionStage that is not associated to the provided VersionId.',
  );
}
