import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { authorize } from '../permissions/authorize.ts';
import { impliedCall } from '../permissions/implied-call.ts';
import type { Requester } from '../permissions/role-session.ts';
import { placeOf } from '../place.ts';
import { textFields } from '../text-fields.ts';
import type { WireCall } from '../wire/protocol.ts';
import { keyPermissions } from './key-permissions.ts';
import { secretsManagerPermission } from './needed-permission.ts';
import { rotationPermissions } from './rotation-permissions.ts';

/**
 * Refuses a call to Secrets Manager that the requester may not make, including what it needs from KMS and Lambda.
 *
 * @param account the secret's
 * @throws AccessDeniedException the requester may not call the action, or may not use the key. The account's `call` event says which
 *   of KMS's actions was denied. In AWS, only CloudTrail does.
 * @throws InvalidRequestException the secret is another account's, under AWS's own key.
 */
export function judgeCall(requester: Requester, { action, input }: WireCall, account: Account): void {
  const callerId = placeOf(requester.caller.arn)?.id ?? account.id;
  if (isUndisputed(requester, callerId, input, account)) return;
  authorize(requester, secretsManagerPermission(action, input, account), account);
  for (const needed of rotationPermissions(action, input, account)) authorize(requester, needed, account);
  for (const { owner, ...needed } of keyPermissions(action, input, account, callerId)) {
    try {
      impliedCall(requester, needed, owner);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'AccessDeniedException') throw error;
      throw new AwsError('AccessDeniedException', 'Access to KMS is not allowed');
    }
  }
}

/** The root of the secret's own account may do everything, unless the secret has a policy. */
function isUndisputed(requester: Requester, callerId: string, input: unknown, account: Account): boolean {
  if ('roleArn' in requester || callerId !== account.id) return false;
  const { SecretId } = textFields(input);
  return SecretId === undefined || account.secrets.find(SecretId)?.resourcePolicy === undefined;
}
