import * as v from 'valibot';
import { adoptKey } from '../../kms/adopt-key.ts';
import { createSecret } from '../../secrets-manager/create-secret.ts';
import { blocks, resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret */
export const secretsmanagerSecret = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    description: v.optional(v.string()),
    kms_key_id: v.optional(v.string()),
    tags: v.optional(v.record(v.string(), v.string())),
    replica: v.optional(blocks({ region: v.string(), kms_key_id: v.optional(v.string()) }), []),
    force_overwrite_replica_secret: v.optional(v.boolean()),
    // Concerns deletion alone.
    recovery_window_in_days: v.optional(v.number()),
  },
  (values, { account }) => {
    const Name = values.name ?? uniqueId(values.name_prefix);
    adoptKey(values.kms_key_id, account);
    for (const { region, kms_key_id } of values.replica) adoptKey(kms_key_id, account.at({ region }));
    const { ARN } = createSecret(
      {
        Name,
        ClientRequestToken: uniqueId(),
        // As the provider does, which has no other word for none.
        Description: values.description ?? '',
        ...(values.kms_key_id !== undefined && { KmsKeyId: values.kms_key_id }),
        ...(values.replica.length > 0 && {
          AddReplicaRegions: values.replica.map(({ region, kms_key_id }) => ({
            Region: region,
            ...(kms_key_id !== undefined && { KmsKeyId: kms_key_id }),
          })),
          ForceOverwriteReplicaSecret: values.force_overwrite_replica_secret,
        }),
        ...(values.tags && { Tags: Object.entries(values.tags).map(([Key, Value]) => ({ Key, Value })) }),
      },
      account,
    );
    return { id: ARN, arn: ARN, name: Name };
  },
);
