import { paginateListSecretVersionIds, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LabelledVersion } from '../rotation-record.ts';

/** A secret's versions that have labels, oldest first. No value is read. */
export async function labelledVersions(client: SecretsManagerClient, SecretId: string): Promise<LabelledVersion[]> {
  return (await datedVersions(client, SecretId)).map(({ versionId, stages }) => ({ versionId, stages }));
}

/** The same, with the time at which each was made. */
export async function datedVersions(client: SecretsManagerClient, SecretId: string) {
  const found: (LabelledVersion & { readonly createdMs: number })[] = [];
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, { SecretId })) {
    for (const { VersionId: versionId = '', VersionStages: stages = [], CreatedDate } of Versions) {
      if (stages.length > 0) found.push({ versionId, stages, createdMs: CreatedDate?.getTime() ?? 0 });
    }
  }
  return found.sort((one, other) => one.createdMs - other.createdMs);
}
