import type { Account } from '../account.ts';
import type { CallEvent } from '../account-events.ts';
import { refusalOf } from '../refusal-of.ts';
import { authorize, type NeededPermission } from './authorize.ts';
import type { Requester } from './role-session.ts';

/**
 * Judges a call that AWS makes on behalf of the requester, such as the call to KMS for a value under a customer key. The call
 * does nothing here, but the account reports it like any other.
 *
 * @throws AccessDeniedException the requester may not.
 */
export function impliedCall(requester: Requester, needed: NeededPermission, account: Account): void {
  const [service, action = ''] = needed.action.split(':');
  const call = {
    service: service as CallEvent['service'],
    action,
    caller: requester.caller,
    accountId: account.id,
    region: account.region,
  };
  try {
    authorize(requester, needed, account);
    account.events.emit('call', call);
  } catch (error) {
    account.events.emit('call', { ...call, ...refusalOf(error) });
    throw error;
  }
}
