import type { Account } from '../account.ts';
import type { CallEvent } from '../account-events.ts';
import { refusalOf } from '../refusal-of.ts';
import { authorize, type NeededPermission } from './authorize.ts';
import type { RoleSession } from './role-session.ts';

/**
 * Judges a call that AWS makes in the role's name, such as that to KMS for a value that a customer key encrypts. There is
 * nothing behind it here; the account tells of it like of any other.
 *
 * @throws AccessDeniedException the role may not.
 */
export function impliedCall(session: RoleSession, needed: NeededPermission, account: Account): void {
  const [service, action = ''] = needed.action.split(':');
  const call = { service: service as CallEvent['service'], action, caller: session.caller };
  try {
    authorize(session, needed, account);
    account.events.emit('call', call);
  } catch (error) {
    account.events.emit('call', { ...call, ...refusalOf(error) });
    throw error;
  }
}
