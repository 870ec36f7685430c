import * as v from 'valibot';
import { attachRolePolicy } from '../../iam/attach-role-policy.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachment */
export const iamRolePolicyAttachment = resourceType(
  { role: v.string(), policy_arn: v.string() },
  ({ role, policy_arn }, { account }) => {
    attachRolePolicy({ RoleName: role, PolicyArn: policy_arn }, account);
    return { id: `${role}/${policy_arn}` };
  },
);
