import * as v from 'valibot';
import { action } from './action.ts';
import { existingSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import { PAGE, page } from './page.ts';

/**
 * Lists a secret's versions, oldest first. Those without labels are listed only on request.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html
 */
export const listSecretVersionIds = action(
  v.strictObject({ SecretId, IncludeDeprecated: v.optional(v.boolean()), ...PAGE }),
  ({ SecretId, IncludeDeprecated, ...input }, account) => {
    const secret = existingSecret(SecretId, account);
    const versions = [...secret.versions].map(([VersionId, version]) => ({
      VersionId,
      VersionStages: secret.stagesOf(VersionId),
      LastAccessedDate: version.lastAccessedDate,
      CreatedDate: version.createdDate,
      KmsKeyIds: [secret.keyOf(version, account.region)],
    }));
    const listed = versions.filter(({ VersionStages }) => VersionStages || IncludeDeprecated);
    const { items: Versions, ...rest } = page(listed, input);
    return { Versions, ...rest, ARN: secret.arn, Name: secret.name };
  },
);
