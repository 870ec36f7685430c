import type { PolicyStatement, Principal } from './policy-statement.ts';

/** What AWS would refuse in a policy. */
export interface PolicyProblem {
  readonly kind: 'syntax' | 'principal';
  /** It follows a subject: `has no actions in the statement number 1. Expected …`. */
  readonly text: string;
}

const OPERATOR = new RegExp(
  '^(For(AllValues|AnyValue):)?(Null|(String(Not)?(Equals(IgnoreCase)?|Like)|Arn(Not)?(Equals|Like)|Bool|BinaryEquals|(Not)?IpAddress|' +
    '(Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?))(IfExists)?)$',
);

/** Whom the policy of a secret may name, by type. Canonical users are S3's, and federated ones of a provider those of a role's trust. */
const PRINCIPALS: Readonly<Record<string, RegExp>> = {
  AWS: /^(\*|\d{12}|arn:aws[\w-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^*?]+))$/,
  Service: /^[\w-]+(\.[\w-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/,
  '*': /^\*$/,
};

/**
 * The first thing in a resource policy that AWS would refuse, or never match. What only Terraform knows is no problem.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function problemOfStatements(statements: readonly PolicyStatement[]): PolicyProblem | undefined {
  for (const [index, statement] of statements.entries()) {
    const text = problemOf(statement) ?? problemOfSid(statement, statements.slice(0, index));
    if (text !== undefined) return { kind: 'syntax', text };
    const { principals = [], notPrincipals = [], name } = statement;
    const odd = [...principals, ...notPrincipals].map(problemOfPrincipal).find(Boolean);
    if (odd !== undefined) return { kind: 'principal', text: `${odd[0]} in the statement ${name}. Expected ${odd[1]}` };
  }
  return undefined;
}

/** Whether synth knows the text, and not Terraform alone. */
const isKnown = (text: string) => !text.includes('${');

function problemOf(statement: PolicyStatement): string | undefined {
  const { name, effect, principals, notPrincipals, actions, notActions, resources, notResources } = statement;
  if (effect !== 'Allow' && effect !== 'Deny' && isKnown(effect))
    return `has the effect "${effect}" in the statement ${name}. Expected Allow or Deny`;
  if (principals === undefined && notPrincipals === undefined)
    return `has no principals in the statement ${name}. Name at least one principal`;
  if (actions === undefined && notActions === undefined)
    return `has no actions in the statement ${name}. Name at least one action`;
  if (resources === undefined && notResources === undefined)
    return `has no resources in the statement ${name}. Expected "*", which is the secret itself`;
  if (effect === 'Allow' && notPrincipals !== undefined)
    return `uses NotPrincipal in the Allow statement ${name}. Name principals: NotPrincipal is for Deny`;
  const test = statement.conditions.find((each) => isKnown(each.test) && !OPERATOR.test(each.test))?.test;
  if (test !== undefined)
    return `has the operator "${test}" in the statement ${name}. Expected one of IAM's, as IAM spells it, such as StringEquals`;
  const action = [...(actions ?? []), ...(notActions ?? [])].find(
    (each) => isKnown(each) && !/^(\*|secretsmanager:[\w*?]+)$/i.test(each),
  );
  if (action !== undefined)
    return `has the action "${action}" in the statement ${name}. Expected one of Secrets Manager, such as secretsmanager:GetSecretValue`;
  const resource = [...(resources ?? []), ...(notResources ?? [])].find(
    (each) => isKnown(each) && !/^(\*|arn:.+)$/s.test(each),
  );
  if (resource !== undefined)
    return `has the resource "${resource}" in the statement ${name}. Expected "*", which is the secret itself, or an ARN`;
  return undefined;
}

function problemOfSid({ sid }: PolicyStatement, earlier: readonly PolicyStatement[]): string | undefined {
  if (sid === undefined) return undefined;
  if (!/^[A-Za-z0-9]+$/.test(sid)) return `has the sid "${sid}". Expected only letters and digits`;
  return earlier.some((each) => each.sid === sid)
    ? `has two statements with the sid "${sid}". Expected one`
    : undefined;
}

function problemOfPrincipal({ type, id }: Principal): readonly [found: string, expected: string] | undefined {
  if (!isKnown(type)) return undefined;
  const form = PRINCIPALS[type];
  if (form === undefined) return [`has a principal of the type "${type}"`, Object.keys(PRINCIPALS).join(', ')];
  const isOdd = isKnown(id) ? !form.test(id) : /[*?]/.test(id.replaceAll(/\$\{[^}]*\}/g, ''));
  if (!isOdd) return undefined;
  if (type === 'Service') return [`has the service "${id}"`, 'its full name, such as lambda.amazonaws.com'];
  const expected =
    'an account, the whole ARN of a role or user, or "*" alone: of many, name them by a condition on aws:PrincipalArn';
  return [`has the principal "${id}"`, expected];
}
