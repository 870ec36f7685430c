import {
  type AuthorizationRequest,
  evaluatePolicies,
  findingsIn,
  type Policy,
  type Verdict,
} from './evaluate-policy.ts';
import type { Principal } from './principal.ts';

/** A request, and all policies that have a say in it. */
export interface JudgedRequest {
  readonly request: Omit<AuthorizationRequest, 'principal'>;
  readonly principal: Principal;
  /** The principal's own policies, or `everything` for an account's root. */
  readonly identityPolicies: readonly Policy[] | 'everything';
  /** What limits the principal's own policies, if anything. */
  readonly boundary?: Policy | undefined;
  /** What limits the session, if anything. */
  readonly sessionPolicy?: Policy | undefined;
  /** The resource's policy, if it has one. */
  readonly resourcePolicy?: Policy | undefined;
  /** Whether principal and resource are in one account. */
  readonly isSameAccount: boolean;
  /** Whether the resource's policy must let even its own account in, as those of keys and roles must. @default false */
  readonly needsResourcePolicy?: boolean | undefined;
}

/** Which kind of policy decided. */
type PolicyKind = 'identity-based' | 'resource-based' | 'permissions boundary' | 'session';

export interface Judgement {
  readonly verdict: Verdict;
  /** The policy that denies, or that would have to allow. Absent if the request is allowed. */
  readonly by?: PolicyKind;
}

/**
 * Judges a request as AWS does. One `Deny` in any policy refuses it. Within an account, the principal's own policies or the
 * resource's may allow it; the resource's policy alone is enough if it names the principal and not just the account. From another
 * account, both must. What a permissions boundary does not allow, neither the principal's own policies do, nor a resource's policy
 * that names the role.
 *
 * @throws UnsupportedPolicy the local AWS cannot judge one of the policies.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function judgeRequest(judged: JudgedRequest): Judgement {
  const { request, principal, identityPolicies, boundary, sessionPolicy, resourcePolicy } = judged;
  const identity = identityPolicies === 'everything' ? 'allowed' : evaluatePolicies(identityPolicies, request);
  const limit = boundary === undefined ? 'allowed' : evaluatePolicies([boundary], request);
  const session = sessionPolicy === undefined ? 'allowed' : evaluatePolicies([sessionPolicy], request);
  const found = resourcePolicy === undefined ? [] : findingsIn(resourcePolicy, { ...request, principal });
  const denied = (by: PolicyKind): Judgement => ({ verdict: 'denied by a statement', by });
  if (identity === 'denied by a statement') return denied('identity-based');
  if (found.some(({ effect }) => effect === 'Deny')) return denied('resource-based');
  if (limit === 'denied by a statement') return denied('permissions boundary');
  if (session === 'denied by a statement') return denied('session');

  const names = (match: string) => found.some((each) => each.effect === 'Allow' && each.match === match);
  const isWithinLimits = limit === 'allowed' && session === 'allowed';
  const isAllowedByOwn = identity === 'allowed' && isWithinLimits;
  if (judged.isSameAccount) {
    // What names the session itself is limited neither by the role's boundary nor by the session's policy.
    if (names('itself') || (names('role') && isWithinLimits)) return { verdict: 'allowed' };
    if (isAllowedByOwn && (!judged.needsResourcePolicy || names('account'))) return { verdict: 'allowed' };
  } else if (isAllowedByOwn && (names('itself') || names('role') || names('account'))) return { verdict: 'allowed' };

  const missing: readonly (readonly [verdict: Verdict, by: PolicyKind])[] = [
    [identity, 'identity-based'],
    [limit, 'permissions boundary'],
    [session, 'session'],
  ];
  const [, by = 'resource-based'] = missing.find(([verdict]) => verdict !== 'allowed') ?? [];
  return { verdict: 'not allowed by any statement', by };
}
