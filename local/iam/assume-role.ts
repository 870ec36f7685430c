import type { Account, Caller } from '../account.ts';
import { evaluatePolicies } from '../permissions/evaluate-policy.ts';
import type { RequestContext } from '../permissions/request-context.ts';

interface Assumption {
  readonly roleArn: string;
  /** Such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** For whom the service asks, as condition keys. @default nobody */
  readonly source?: RequestContext;
}

/**
 * Whether the role exists and its trust policy lets the service assume it.
 *
 * @throws UnsupportedPolicy the local AWS cannot judge the trust policy.
 */
export function mayAssume(account: Account, { roleArn, service, source = {} }: Assumption): boolean {
  const role = account.roles.findByArn(roleArn);
  if (!role) return false;
  const trust = { name: `that says who may assume the role ${role.RoleName}`, document: role.AssumeRolePolicyDocument };
  return evaluatePolicies([trust], { action: 'sts:AssumeRole', service, context: source }) === 'allowed';
}

/** Who calls if a service has assumed a role: the role, and the name of the session. */
export function assumedRole(roleArn: string, sessionName: string, account: Account): Caller {
  return { arn: `arn:aws:sts::${account.id}:assumed-role/${roleArn.split('/').at(-1)}/${sessionName}` };
}
