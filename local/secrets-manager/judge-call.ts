import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { authorize } from '../permissions/authorize.ts';
import { impliedCall } from '../permissions/implied-call.ts';
import type { RoleSession } from '../permissions/role-session.ts';
import type { WireCall } from '../wire/protocol.ts';
import { keyPermissions } from './key-permissions.ts';
import { secretsManagerPermission } from './needed-permission.ts';
import { rotationPermissions } from './rotation-permissions.ts';

/**
 * Refuses a call to Secrets Manager that the session's role may not make, including what it needs from KMS and Lambda.
 *
 * @throws AccessDeniedException the role may not call the action, or may not use the key. The account's `call` event says which
 * of KMS's actions was denied. In AWS, only CloudTrail does.
 */
export function judgeCall(session: RoleSession, { action, input }: WireCall, account: Account): void {
  if (action === 'BatchGetSecretValue') {
    throw new AwsError(
      'AccessDeniedException',
      'The local AWS cannot judge what a function reads with BatchGetSecretValue. Call GetSecretValue for each secret.',
    );
  }
  authorize(session, secretsManagerPermission(action, input, account), account);
  for (const needed of rotationPermissions(action, input, account)) authorize(session, needed, account);
  for (const needed of keyPermissions(action, input, account)) {
    try {
      impliedCall(session, needed, account);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'AccessDeniedException') throw error;
      throw new AwsError('AccessDeniedException', 'Access to KMS is not allowed');
    }
  }
}
