import * as v from 'valibot';
import { createSecret } from '../../secrets-manager/create-secret.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret */
export const secretsmanagerSecret = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    description: v.optional(v.string()),
    kms_key_id: v.optional(v.string()),
    tags: v.optional(v.record(v.string(), v.string())),
    // What follows concerns deletion and replicas: nothing that creating the secret changes.
    recovery_window_in_days: v.optional(v.number()),
    force_overwrite_replica_secret: v.optional(v.boolean()),
  },
  (values, { account }) => {
    const Name = values.name ?? uniqueId(values.name_prefix);
    const { ARN } = createSecret(
      {
        Name,
        ClientRequestToken: uniqueId(),
        // As the provider does, which has no other word for none.
        Description: values.description ?? '',
        ...(values.kms_key_id !== undefined && { KmsKeyId: values.kms_key_id }),
        ...(values.tags && { Tags: Object.entries(values.tags).map(([Key, Value]) => ({ Key, Value })) }),
      },
      account,
    );
    return { id: ARN, arn: ARN, name: Name };
  },
);
