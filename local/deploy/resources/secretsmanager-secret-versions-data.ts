import * as v from 'valibot';
import { rootOf } from '../../root-of.ts';
import { listSecretVersionIds } from '../../secrets-manager/list-secret-version-ids.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/secretsmanager_secret_versions */
export const secretsmanagerSecretVersionsData = resourceType(
  { secret_id: v.string() },
  ({ secret_id }, { account }) => {
    const { ARN, Name, Versions } = listSecretVersionIds({ SecretId: secret_id }, account, rootOf(account));
    const versions = Versions.map(({ VersionId, VersionStages }) => ({
      version_id: VersionId,
      version_stages: VersionStages,
    }));
    return { id: ARN, arn: ARN, name: Name, versions };
  },
);
