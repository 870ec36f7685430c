import * as v from 'valibot';
import { putRolePolicy } from '../../iam/put-role-policy.ts';
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
