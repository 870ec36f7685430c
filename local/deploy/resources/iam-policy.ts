import * as v from 'valibot';
import { createPolicy } from '../../iam/managed-policies.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy */
export const iamPolicy = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    policy: v.string(),
    description: v.optional(v.string()),
    path: v.optional(v.string()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name, name_prefix, policy, description, path, tags = {} }, { account }) => {
    const { Policy } = createPolicy(
      {
        PolicyName: name ?? uniqueId(name_prefix),
        PolicyDocument: policy,
        Description: description,
        ...(path !== undefined && { Path: path }),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
      account,
    );
    return { id: Policy.Arn, arn: Policy.Arn, name: Policy.PolicyName, path: Policy.Path, policy_id: Policy.PolicyId };
  },
);
