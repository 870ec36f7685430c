import type { Account } from '../account.ts';
import { evaluatePolicies } from './evaluate-policy.ts';

/**
 * Whether the role exists and its trust policy lets the service assume it.
 *
 * @param service such as `lambda.amazonaws.com`
 * @throws UnsupportedPolicy the trust policy cannot be judged here.
 */
export function mayAssume(account: Account, { roleArn, service }: { roleArn: string; service: string }): boolean {
  const role = account.roles.findByArn(roleArn);
  if (!role) return false;
  const trust = { name: `that says who may assume the role ${role.RoleName}`, document: role.AssumeRolePolicyDocument };
  return evaluatePolicies([trust], { action: 'sts:AssumeRole', service, context: {} }) === 'allowed';
}
