import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { Document, RoleName, Tags } from './fields.ts';
import type { Role } from './role-store.ts';

/**
 * Makes a role that has no permissions yet.
 *
 * @throws EntityAlreadyExists the name is taken.
 * @throws MalformedPolicyDocument the trust policy is no JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const createRole = action(
  v.strictObject({
    RoleName,
    AssumeRolePolicyDocument: Document,
    Description: v.optional(v.pipe(v.string(), v.maxLength(1000))),
    /** Only the root: what assumes roles here knows no other. */
    Path: v.optional(v.literal('/')),
    /** Says how long a session may last; here it lasts as long as the function's process. */
    MaxSessionDuration: v.optional(v.string(), '3600'),
    Tags: v.optional(Tags, []),
  }),
  ({ RoleName, AssumeRolePolicyDocument, Description, MaxSessionDuration, Tags }, account): Role => {
    if (account.roles.find(RoleName)) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${RoleName} already exists.`, 409);
    }
    const role: Role = {
      RoleName,
      Arn: `arn:aws:iam::${account.id}:role/${RoleName}`,
      RoleId: account.roles.nextId(),
      CreateDate: account.clock.now(),
      AssumeRolePolicyDocument: policyDocument(AssumeRolePolicyDocument),
      Description,
      MaxSessionDuration: Number(MaxSessionDuration),
      tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])),
      inlinePolicies: new Map(),
      attachedPolicyArns: new Set(),
    };
    account.roles.add(role);
    return role;
  },
);
