import * as v from 'valibot';
import { listSecretVersionIds } from '../../secrets-manager/list-secret-version-ids.ts';
import { putSecretValue } from '../../secrets-manager/put-secret-value.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_version */
export const secretsmanagerSecretVersion = resourceType(
  {
    secret_id: v.string(),
    secret_string: v.optional(v.string()),
    secret_string_wo: v.optional(v.string()),
    secret_string_wo_version: v.optional(v.number()),
    version_stages: v.optional(v.array(v.string())),
  },
  ({ secret_id, secret_string, secret_string_wo, version_stages }, { account }) => {
    const SecretString = secret_string_wo ?? secret_string;
    const { ARN, VersionId } = putSecretValue(
      {
        SecretId: secret_id,
        ClientRequestToken: uniqueId(),
        ...(SecretString !== undefined && { SecretString }),
        ...(version_stages && { VersionStages: version_stages }),
      },
      account,
    );
    return { id: `${secret_id}|${VersionId}`, arn: ARN, version_id: VersionId, secret_string_wo: null };
  },
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/secretsmanager_secret_versions */
export const secretsmanagerSecretVersionsData = resourceType(
  { secret_id: v.string() },
  ({ secret_id }, { account }) => {
    const { ARN, Name, Versions } = listSecretVersionIds({ SecretId: secret_id }, account);
    const versions = Versions.map(({ VersionId, VersionStages }) => ({
      version_id: VersionId,
      version_stages: VersionStages,
    }));
    return { id: ARN, arn: ARN, name: Name, versions };
  },
);
