import type { Account } from '../account.ts';
import { textFields } from '../text-fields.ts';
import type { WireCall } from '../wire/protocol.ts';
import { authorize } from './authorize.ts';
import type { Requester } from './role-session.ts';

/** The texts of a request, by name; of what it does not say, `undefined`. */
type Texts = Readonly<Record<string, string | undefined>>;

/** What a service's actions are about. */
interface Named {
  /** The ARN of what a request names, or `*` if it names nothing. */
  readonly resourceOf: (input: Texts, account: Account, call: WireCall) => string;
  /** The role that a request hands to the service, and the service. @default none */
  readonly passedRole?: (input: unknown) => string | undefined;
  readonly passedTo?: string;
  /** Actions that are permitted by another name. @default none */
  readonly permissions?: Readonly<Record<string, string>>;
}

/**
 * Refuses a call that the requester may not make on the resource that it names, or by which it hands the service a role that it may
 * not pass on.
 */
export function judgeNamedCall(service: string, { resourceOf, passedRole, passedTo = '', permissions = {} }: Named) {
  return (requester: Requester, call: WireCall, account: Account): void => {
    const { action, input } = call;
    const resource = resourceOf(textFields(input), account, call);
    authorize(requester, { action: `${service}:${permissions[action] ?? action}`, resource }, account);
    const role = passedRole?.(input);
    if (role === undefined) return;
    const context = { 'iam:PassedToService': passedTo };
    authorize(requester, { action: 'iam:PassRole', resource: role, context }, account);
  };
}
