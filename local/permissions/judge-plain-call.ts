import type { Account } from '../account.ts';
import type { WireCall } from '../wire/protocol.ts';
import { authorize } from './authorize.ts';
import type { RoleSession } from './role-session.ts';

/**
 * Lets a function's call of a service pass that its role may make on everything. Such services deploy the function; what
 * they do to which resource is not told apart, so a statement that names one allows nothing here.
 *
 * @throws AccessDeniedException the role may not.
 */
export function judgePlainCall(service: string) {
  return (session: RoleSession, { action }: WireCall, account: Account): void =>
    authorize(session, { action: `${service}:${action}`, resource: '*' }, account);
}
