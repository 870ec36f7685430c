import type { Account } from '../account.ts';
import type { CallEvent } from '../account-events.ts';
import { refusalOf } from '../refusal-of.ts';
import { authorize, type NeededPermission } from './authorize.ts';
import type { RoleSession } from './role-session.ts';

/**
 * Judges a call that AWS makes on behalf of the role, such as the call to KMS for a value under a customer key. The call
 * does nothing here, but the account reports it like any other.
 *
 * @throws AccessDeniedException the role may not.
 */
export function impliedCall(session: RoleSession, needed: NeededPermission, account: Account): void {
  const [service, action = ''] = needed.action.split(':');
  const call = {
    service: service as CallEvent['service'],
    action,
    caller: session.caller,
    accountId: account.id,
    region: account.region,
  };
  try {
    authorize(session, needed, account);
    account.events.emit('call', call);
  } catch (error) {
    account.events.emit('call', { ...call, ...refusalOf(error) });
    throw error;
  }
}
