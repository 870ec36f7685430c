import { paginateListSecretVersionIds, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LabelledVersion } from '../rotation-record.ts';

/** A secret's versions that have labels, oldest first. No value is read. */
export async function labelledVersions(client: SecretsManagerClient, SecretId: string): Promise<LabelledVersion[]> {
  const found: { versionId: string; stages: readonly string[]; createdMs: number }[] = [];
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, { SecretId })) {
    for (const { VersionId: versionId = '', VersionStages: stages = [], CreatedDate } of Versions) {
      if (stages.length > 0) found.push({ versionId, stages, createdMs: CreatedDate?.getTime() ?? 0 });
    }
  }
  return found
    .sort((one, other) => one.createdMs - other.createdMs)
    .map(({ versionId, stages }) => ({ versionId, stages }));
}

/** The version of a rotation that has not ended, or undefined; also if it cannot be asked. */
export async function pendingVersion(client: SecretsManagerClient, secretId: string): Promise<string | undefined> {
  const versions = await labelledVersions(client, secretId).catch(() => []);
  const isPending = ({ stages }: LabelledVersion) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT');
  return versions.find(isPending)?.versionId;
}
