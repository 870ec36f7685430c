import * as v from 'valibot';
import { enableKeyRotation } from '../../kms/key-rotations.ts';
import { createKey } from '../../kms/keys.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key */
export const kmsKey = resourceType(
  {
    description: v.optional(v.string()),
    policy: v.optional(v.string()),
    enable_key_rotation: v.optional(v.boolean()),
    rotation_period_in_days: v.optional(v.number()),
    tags: v.optional(v.record(v.string(), v.string())),
    // Matters for deletion only.
    deletion_window_in_days: v.optional(v.number()),
  },
  ({ description, policy, enable_key_rotation, rotation_period_in_days, tags = {} }, { account }) => {
    const { KeyMetadata } = createKey(
      {
        Description: description,
        Policy: policy,
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      },
      account,
    );
    const { KeyId, Arn } = KeyMetadata;
    if (enable_key_rotation) enableKeyRotation({ KeyId, RotationPeriodInDays: rotation_period_in_days }, account);
    return { id: KeyId, key_id: KeyId, arn: Arn };
  },
);
