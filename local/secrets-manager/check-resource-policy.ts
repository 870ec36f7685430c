import { type AuthorizationRequest, findingsIn, statementsOf } from '../permissions/evaluate-policy.ts';
import { fieldsOf, NotUnderstood, stringsOf } from '../permissions/not-understood.ts';
import { principalsOf } from '../permissions/principal.ts';

type Statement = Readonly<Record<string, unknown>>;

/**
 * Why Secrets Manager does not take a text for a resource policy, in AWS's words. Undefined if it does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function malformed(policy: string): string | undefined {
  if (!isJsonObject(policy)) return 'This resource policy contains invalid Json.';
  try {
    const statements = statementsOf(policy);
    if (statements.length === 0 || !statements.every(isStatement)) return SYNTAX;
    return statements.every(hasPrincipals) ? undefined : 'This resource policy contains an unsupported principal.';
  } catch (error) {
    if (error instanceof NotUnderstood) return SYNTAX;
    throw error;
  }
}

const SYNTAX = 'This resource policy contains a syntax error.';

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

function isStatement({ Effect, Action, Resource, Condition, Principal, NotPrincipal }: Statement): boolean {
  stringsOf('Action', Action);
  stringsOf('Resource', Resource);
  if (Condition !== undefined) fieldsOf('Condition', Condition);
  const isAboutOthers = NotPrincipal !== undefined;
  // Allowing everybody but some is not supported by AWS.
  if (isAboutOthers && Effect !== 'Deny') return false;
  return (Effect === 'Allow' || Effect === 'Deny') && isAboutOthers !== (Principal !== undefined);
}

const PRINCIPALS: Readonly<Record<string, RegExp>> = {
  AWS: /^(\*|\d{12}|arn:aws[\w-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^*?]+))$/,
  Service: /^[\w-]+(\.[\w-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/,
};

function hasPrincipals({ Principal, NotPrincipal }: Statement): boolean {
  const named = principalsOf(Principal ?? NotPrincipal);
  return named.length > 0 && named.every(({ type, id }) => PRINCIPALS[type]?.test(id) === true);
}

/** The keys that AWS trusts to narrow an `Allow` for everybody, if they are compared with fixed values. */
const NARROWING = [
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:userid',
  'kms:calleraccount',
];

/**
 * Whether a policy allows access to everybody: an `Allow` for `*` that no condition narrows to fixed values. AWS proves it by
 * automated reasoning; here it is a rule, which is stricter.
 *
 * @param policy one that is not malformed
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(policy: string): boolean {
  return statementsOf(policy).some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Allow' &&
      Principal !== undefined &&
      principalsOf(Principal).some(({ id }) => id === '*') &&
      !isNarrowed(Condition),
  );
}

function isNarrowed(condition: unknown): boolean {
  if (condition === undefined) return false;
  return fieldsOf('Condition', condition).some(
    ([operator, keys]) =>
      /^(ForAnyValue:)?(StringEquals|StringLike|ArnEquals|ArnLike|StringEqualsIgnoreCase)$/.test(operator) &&
      fieldsOf(operator, keys).some(
        ([key, values]) =>
          NARROWING.includes(key.toLowerCase()) &&
          stringsOf(key, values).every((value) => !/[*?]/.test(accountOf(value))),
      ),
  );
}

/** What must be fixed in a value: of an ARN, the account. */
function accountOf(value: string): string {
  return value.startsWith('arn:') ? (value.split(':')[4] ?? '*') : value;
}

/** Whether a policy denies its own author what it takes to change it again. */
export function locksOut(policy: string, request: Omit<AuthorizationRequest, 'action'>): boolean {
  return ['PutResourcePolicy', 'DeleteResourcePolicy'].some((action) =>
    findingsIn({ name: 'to validate', document: policy }, { ...request, action: `secretsmanager:${action}` }).some(
      ({ effect }) => effect === 'Deny',
    ),
  );
}
