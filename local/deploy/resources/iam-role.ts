import * as v from 'valibot';
import { createRole } from '../../iam/roles.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role */
export const iamRole = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    assume_role_policy: v.string(),
    description: v.optional(v.string()),
    path: v.optional(v.string()),
    permissions_boundary: v.optional(v.string()),
    max_session_duration: v.optional(v.number()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  (values, { account }) => {
    const { Arn, RoleName } = createRole(
      {
        RoleName: values.name ?? uniqueId(values.name_prefix),
        AssumeRolePolicyDocument: values.assume_role_policy,
        Description: values.description,
        ...(values.path !== undefined && { Path: values.path }),
        ...(values.max_session_duration !== undefined && { MaxSessionDuration: String(values.max_session_duration) }),
        ...(values.permissions_boundary !== undefined && { PermissionsBoundary: values.permissions_boundary }),
        Tags: Object.entries(values.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      },
      account,
    );
    return { id: RoleName, name: RoleName, arn: Arn };
  },
);
