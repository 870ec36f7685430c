import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Role } from '../iam/role-store.ts';
import { evaluatePolicies, type Policy } from './evaluate-policy.ts';
import { managedPolicy, managedPolicyArns } from './managed-policies.ts';
import type { RequestContext } from './request-context.ts';
import type { RoleSession } from './role-session.ts';

/** A permission that a call needs. */
export interface NeededPermission {
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** The ARN of the resource. `*` for an action without resources. */
  readonly resource: string;
  /** Its condition keys, in addition to those of every request. */
  readonly context?: RequestContext;
}

/**
 * Refuses a call that the policies of the session's role do not allow.
 *
 * @throws AccessDeniedException in AWS's words: who may not do what, and whether a statement denies it explicitly.
 * @throws UnsupportedPolicy the local AWS cannot judge a policy.
 */
export function authorize(session: RoleSession, needed: NeededPermission, account: Account): void {
  const { action, resource } = needed;
  const { caller, roleArn } = session;
  const role = account.roles.findByArn(roleArn);
  const context = {
    ...needed.context,
    'aws:PrincipalAccount': account.id,
    'aws:PrincipalArn': roleArn,
    'aws:RequestedRegion': account.region,
    'aws:ResourceAccount': account.id,
  };
  if (session.isUnknownRole) return;
  const verdict = evaluatePolicies(role ? policiesOf(role) : [], { action, resource, context });
  if (verdict === 'allowed') return;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const why =
    verdict === 'denied by a statement'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action}${on} ${why}`,
  );
}

function policiesOf({ RoleName, inlinePolicies, attachedPolicyArns }: Role): Policy[] {
  const inline = [...inlinePolicies].map(([name, document]) => ({ name: `${name} of the role ${RoleName}`, document }));
  const attached = [...attachedPolicyArns].map((arn) => ({ name: arn, document: managedDocument(arn, RoleName) }));
  return [...inline, ...attached];
}

function managedDocument(arn: string, roleName: string): string {
  const document = managedPolicy(arn);
  if (document !== undefined) return document;
  throw new AwsError(
    'UnsupportedPolicy',
    `The local AWS does not know what the managed policy ${arn} of the role ${roleName} allows. It knows ` +
      `${managedPolicyArns.join(' and ')}; give the role an inline policy instead.`,
  );
}
