import { fieldsOf, NotUnderstood, stringsOf } from './not-understood.ts';

/** Who wants to do something that a resource's policy decides. */
export type Principal =
  /** A service, such as `lambda.amazonaws.com`. */
  | { readonly service: string }
  /** An account's root, or the session of a role. */
  | {
      readonly accountId: string;
      /** The root's ARN, or the session's. */
      readonly arn: string;
      readonly roleArn?: string | undefined;
      /** Whether the role has a permissions boundary. @default false */
      readonly hasBoundary?: boolean;
    };

/**
 * How a policy names a principal: itself, as its session or as everybody; by its role; or by its account as a whole, which then
 * decides with policies of its own.
 */
export type PrincipalMatch = 'itself' | 'role' | 'account';

const TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/**
 * How a policy's `Principal` names a principal. Undefined if it does not.
 *
 * @throws NotUnderstood
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function matchPrincipal(element: unknown, principal: Principal): PrincipalMatch | undefined {
  const named = principalsOf(element).map(({ type, id }) => matchOne(type, id, principal));
  return (['itself', 'role', 'account'] as const).find((match) => named.includes(match));
}

/**
 * Whether a `NotPrincipal` excepts a principal. AWS may look at the account first, then the role, then the session: each must be named.
 * Whoever has a permissions boundary is never excepted.
 *
 * @throws NotUnderstood
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function isExcepted(element: unknown, principal: Principal): boolean {
  const named = principalsOf(element);
  if ('service' in principal) return named.some(({ type, id }) => matchOne(type, id, principal) !== undefined);
  if (principal.hasBoundary) return false;
  if (named.some(({ id }) => id === '*')) return true;
  const levels = new Set(named.map(({ type, id }) => matchOne(type, id, principal)));
  const needed = principal.roleArn === undefined ? (['account'] as const) : (['account', 'role', 'itself'] as const);
  return needed.every((level) => levels.has(level));
}

/**
 * The principals that a policy names.
 *
 * @throws NotUnderstood
 */
function principalsOf(element: unknown): { type: string; id: string }[] {
  if (element === '*') return [{ type: 'AWS', id: '*' }];
  return fieldsOf('Principal', element).flatMap(([type, ids]) => {
    if (!TYPES.includes(type)) throw new NotUnderstood(`the principal ${type} (known: ${TYPES.join(', ')})`);
    return stringsOf('Principal', ids).map((id) => ({ type, id }));
  });
}

function matchOne(type: string, id: string, principal: Principal): PrincipalMatch | undefined {
  if (type === 'Service') return 'service' in principal && principal.service === id ? 'itself' : undefined;
  if (type !== 'AWS') return undefined;
  if (id === '*') return 'itself';
  if ('service' in principal) return undefined;
  if (accountNamedBy(id) === principal.accountId) return 'account';
  if (id === principal.arn) return 'itself';
  return id === principal.roleArn ? 'role' : undefined;
}

/** The account that a principal names as a whole, by its number or its root. */
function accountNamedBy(id: string): string | undefined {
  return /^(?:arn:[^:]+:iam::(\d{12}):root|(\d{12}))$/.exec(id)?.slice(1).find(Boolean);
}
