import * as v from 'valibot';
import { attachRolePolicy, putRolePolicy } from '../../iam/role-policies.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy */
export const iamRolePolicy = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    role: v.string(),
    policy: v.string(),
  },
  ({ name, name_prefix, role, policy }, { account }) => {
    const PolicyName = name ?? uniqueId(name_prefix);
    putRolePolicy({ RoleName: role, PolicyName, PolicyDocument: policy }, account);
    return { id: `${role}:${PolicyName}`, name: PolicyName };
  },
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachment */
export const iamRolePolicyAttachment = resourceType(
  { role: v.string(), policy_arn: v.string() },
  ({ role, policy_arn }, { account }) => {
    attachRolePolicy({ RoleName: role, PolicyArn: policy_arn }, account);
    return { id: `${role}/${policy_arn}` };
  },
);
