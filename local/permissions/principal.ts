import { fieldsOf, NotUnderstood, stringsOf } from './not-understood.ts';

/** Who wants to do something that a resource's policy decides. */
export type Principal =
  /** A service, such as `lambda.amazonaws.com`. */
  | { readonly service: string }
  /** An account's root or the session of a role: every ARN that is its own. */
  | { readonly accountId: string; readonly arns: readonly string[] };

const TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/**
 * Whether a policy's `Principal` names it. An account names everybody in it; a role names its sessions.
 *
 * @throws NotUnderstood
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function isPrincipal(element: unknown, principal: Principal): boolean {
  if (element === '*') return true;
  const named = fieldsOf('Principal', element).map(([type, ids]) => {
    if (!TYPES.includes(type)) throw new NotUnderstood(`the principal ${type} (known: ${TYPES.join(', ')})`);
    const texts = stringsOf('Principal', ids);
    if (type === 'AWS') return texts.some((id) => isNamed(id, principal));
    return type === 'Service' && 'service' in principal && texts.includes(principal.service);
  });
  return named.some(Boolean);
}

function isNamed(id: string, principal: Principal): boolean {
  if (id === '*') return true;
  if ('service' in principal) return false;
  return accountOf(id) === principal.accountId || principal.arns.includes(id);
}

/** The account that a principal names as a whole, by its number or its root. */
function accountOf(id: string): string | undefined {
  return /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(id)?.[1];
}
