import type { Account, Caller } from '../account.ts';
import { evaluatePolicies } from '../permissions/evaluate-policy.ts';
import type { Principal } from '../permissions/principal.ts';
import type { RequestContext } from '../permissions/request-context.ts';

interface Assumption {
  readonly roleArn: string;
  readonly principal: Principal;
  /** The condition keys of the request. @default none */
  readonly context?: RequestContext;
}

/**
 * Whether the role exists and its trust policy lets that principal assume it.
 *
 * @throws UnsupportedPolicy the local AWS cannot judge the trust policy.
 */
export function mayAssume(account: Account, { roleArn, principal, context = {} }: Assumption): boolean {
  const role = account.roles.findByArn(roleArn);
  if (!role) return false;
  const trust = { name: `that says who may assume the role ${role.RoleName}`, document: role.AssumeRolePolicyDocument };
  return evaluatePolicies([trust], { action: 'sts:AssumeRole', principal, context }) === 'allowed';
}

/** Who calls if somebody has assumed a role: the role, and the name of the session. */
export function assumedRole(roleArn: string, sessionName: string, account: Account): Caller {
  return {
    arn: `arn:${account.partition}:sts::${account.id}:assumed-role/${roleArn.split('/').at(-1)}/${sessionName}`,
  };
}
