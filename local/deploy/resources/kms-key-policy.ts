import * as v from 'valibot';
import { putKeyPolicy } from '../../kms/key-policies.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key_policy */
export const kmsKeyPolicy = resourceType(
  { key_id: v.string(), policy: v.string(), bypass_policy_lockout_safety_check: v.optional(v.boolean()) },
  ({ key_id, policy }, { account }) => {
    putKeyPolicy({ KeyId: key_id, Policy: policy }, account);
    return { id: key_id };
  },
);
