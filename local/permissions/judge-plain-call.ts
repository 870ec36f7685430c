import type { Account } from '../account.ts';
import type { WireCall } from '../wire/protocol.ts';
import { authorize } from './authorize.ts';
import type { Requester } from './role-session.ts';

/**
 * Refuses a call to a service unless the requester may make it on every resource: its resources are not told apart here. So a
 * statement that names a resource allows nothing.
 *
 * @throws AccessDeniedException the role may not.
 */
export function judgePlainCall(service: string) {
  return (requester: Requester, { action }: WireCall, account: Account): void =>
    authorize(requester, { action: `${service}:${action}`, resource: '*' }, account);
}
