import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { Document, PolicyArn, PolicyName, Tags } from './fields.ts';

/**
 * Makes a policy that roles can share: attached, or as their permissions boundary.
 *
 * @throws EntityAlreadyExists the name is taken.
 * @throws MalformedPolicyDocument the policy is not a JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
export const createPolicy = action(
  v.strictObject({
    PolicyName,
    PolicyDocument: Document,
    Description: v.optional(v.pipe(v.string(), v.maxLength(1000))),
    Path: v.optional(v.pipe(v.string(), v.maxLength(512), v.regex(/^(\/|\/[!-~]+\/)$/)), '/'),
    Tags: v.optional(Tags, []),
  }),
  ({ PolicyName, PolicyDocument, Path }, { partition, id, roles, clock }) => {
    const Arn = `arn:${partition}:iam::${id}:policy${Path}${PolicyName}`;
    if (roles.managedPolicies.has(Arn)) {
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
        409,
      );
    }
    roles.managedPolicies.set(Arn, policyDocument(PolicyDocument));
    return { Policy: { PolicyName, Arn, Path, DefaultVersionId: 'v1', IsAttachable: true, CreateDate: clock.now() } };
  },
);

/**
 * Deletes a policy that no role has.
 *
 * @throws NoSuchEntity no such policy.
 * @throws DeleteConflict a role has it.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
 */
export const deletePolicy = action(v.strictObject({ PolicyArn }), ({ PolicyArn }, { roles }): void => {
  if (!roles.managedPolicies.has(PolicyArn)) {
    throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} does not exist or is not attachable.`, 404);
  }
  const isUsed = roles
    .all()
    .some((role) => role.attachedPolicyArns.has(PolicyArn) || role.permissionsBoundaryArn === PolicyArn);
  if (isUsed) throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
  roles.managedPolicies.delete(PolicyArn);
});
