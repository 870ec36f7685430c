import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { Description, KmsKeyId, requiredToken, SecretId, secretValue, VALUE, VersionId } from './fields.ts';
import { refuseUnusableKey } from './refuse-unusable-key.ts';
import { writeVersion } from './write-version.ts';

/**
 * Changes a secret's description and key, and its current value if one is given.
 *
 * @throws ResourceExistsException the token belongs to a version with another value.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html
 */
export const updateSecret = action(
  v.strictObject({
    SecretId,
    ClientRequestToken: v.optional(VersionId),
    Description: v.optional(Description),
    KmsKeyId: v.optional(KmsKeyId),
    ...VALUE,
  }),
  ({ SecretId, Description, KmsKeyId, ...input }, account) => {
    const versionId = requiredToken(input.ClientRequestToken);
    const value = secretValue(input);
    const secret = writableSecret(SecretId, account);
    refuseUnusableKey(KmsKeyId, account);
    if (value) writeVersion(secret, { versionId, value, stages: ['AWSCURRENT'] }, account);
    secret.description = Description ?? secret.description;
    if (KmsKeyId !== undefined) secret.changeKey(KmsKeyId);
    if (Description !== undefined || KmsKeyId !== undefined) secret.lastChangedDate = account.clock.now();
    return { ARN: secret.arn, Name: secret.name, ...(value && { VersionId: versionId }) };
  },
);
