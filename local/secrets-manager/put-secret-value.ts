import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { requiredToken, SecretId, secretValue, VALUE, VersionId, VersionStage } from './fields.ts';
import { writeVersion } from './write-version.ts';

/**
 * Adds a version to the secret, or gives the empty version of a rotation its value. Without stages it becomes current.
 *
 * @throws ResourceExistsException the token belongs to a version with another value.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export const putSecretValue = action(
  v.strictObject({
    SecretId,
    ClientRequestToken: v.optional(VersionId),
    ...VALUE,
    VersionStages: v.optional(v.pipe(v.array(VersionStage), v.minLength(1), v.maxLength(20))),
    /** Proves a caller from another account. Here all callers are in one account. */
    RotationToken: v.optional(v.pipe(v.string(), v.minLength(36), v.maxLength(256))),
  }),
  ({ SecretId, VersionStages = ['AWSCURRENT'], ...input }, account) => {
    const versionId = requiredToken(input.ClientRequestToken);
    const value = secretValue(input);
    if (!value) {
      throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    }
    const secret = writableSecret(SecretId, account);
    writeVersion(secret, { versionId, value, stages: VersionStages }, account);
    return { ARN: secret.arn, Name: secret.name, VersionId: versionId, VersionStages: secret.stagesOf(versionId) };
  },
);
