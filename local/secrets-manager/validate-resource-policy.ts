import * as v from 'valibot';
import type { Account } from '../account.ts';
import { callerPrincipal } from '../permissions/authorize.ts';
import type { Requester } from '../permissions/role-session.ts';
import { action } from './action.ts';
import { isPublic, locksOut, malformed } from './check-resource-policy.ts';
import { existingSecret } from './existing-secret.ts';
import { ResourcePolicy, SecretId } from './fields.ts';

/**
 * Checks a resource policy, without setting it: whether it is one, whether it allows access to everybody, and whether it keeps the
 * caller from changing it again.
 *
 * @throws UnsupportedPolicy the local AWS cannot judge it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ValidateResourcePolicy.html
 */
export const validateResourcePolicy = action(
  v.strictObject({ SecretId: v.optional(SecretId), ResourcePolicy }),
  ({ SecretId, ResourcePolicy }, account, requester) => {
    const resource = SecretId === undefined ? anySecret(account) : existingSecret(SecretId, account).arn;
    const ValidationErrors = errorsIn(ResourcePolicy, resource, requester);
    return { PolicyValidationPassed: ValidationErrors.length === 0, ValidationErrors };
  },
);

function anySecret({ partition, region, id }: Account): string {
  return `arn:${partition}:secretsmanager:${region}:${id}:secret:any-AbCdEf`;
}

function errorsIn(policy: string, resource: string, requester: Requester) {
  const syntax = malformed(policy);
  if (syntax !== undefined) return [{ CheckName: 'PolicySyntax', ErrorMessage: syntax }];
  return [
    ...(isPublic(policy)
      ? [{ CheckName: 'BroadAccess', ErrorMessage: 'This resource policy grants broad access to your secret.' }]
      : []),
    ...(locksOut(policy, { resource, ...callerPrincipal(requester) })
      ? [
          {
            CheckName: 'Lockout',
            ErrorMessage: 'Your requested changes will not allow you to manage this secret in the future.',
          },
        ]
      : []),
  ];
}
