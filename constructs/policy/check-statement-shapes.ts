import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import type { PolicyStatement } from './policy-statement.ts';

/** Secrets Manager's limit for a policy, in characters. */
const MAX_CHARACTERS = 20_480;

const PRINCIPALS = ['AWS', 'Service', 'Federated', 'CanonicalUser', '*'];

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATOR = new RegExp(
  '^(For(AllValues|AnyValue):)?(Null|(String(Not)?(Equals(IgnoreCase)?|Like)|Arn(Not)?(Equals|Like)|Bool|BinaryEquals|(Not)?IpAddress|' +
    '(Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?))(IfExists)?)$',
);

/**
 * Refuses what AWS would refuse in a policy, or never match.
 * @throws OPTIONS
 */
export function checkStatementShapes(scope: Construct, statements: readonly PolicyStatement[]): void {
  for (const [index, statement] of statements.entries()) {
    const problem = problemOf(statement) ?? problemOfSid(statement, statements.slice(0, index));
    if (problem !== undefined) throw refused(scope, problem);
  }
  const characters = statements.reduce((sum, each) => sum + charactersOf(each), 0);
  if (characters <= MAX_CHARACTERS) return;
  throw refused(
    scope,
    `has at least ${characters} characters in ${statements.length} statements, grants to readers of other accounts included. ` +
      `Secrets Manager accepts at most ${MAX_CHARACTERS}. Name an account instead of each of its roles`,
  );
}

function problemOf(statement: PolicyStatement): string | undefined {
  const { name, effect, principals, notPrincipals, actions, notActions, conditions } = statement;
  const isKnown = (text: string) => !text.includes('${');
  if (effect !== 'Allow' && effect !== 'Deny' && isKnown(effect))
    return `has the effect "${effect}" in the statement ${name}. Expected Allow or Deny`;
  if (principals === undefined && notPrincipals === undefined)
    return `has no principals in the statement ${name}. Expected whom it means`;
  if (actions === undefined && notActions === undefined)
    return `has no actions in the statement ${name}. Expected what it means`;
  if (effect === 'Allow' && notPrincipals !== undefined)
    return `allows in the statement ${name} everybody but some. Expected principals: NotPrincipal is for Deny`;
  const type = [...(principals ?? []), ...(notPrincipals ?? [])].find(
    (each) => isKnown(each.type) && !PRINCIPALS.includes(each.type),
  )?.type;
  if (type !== undefined)
    return `has a principal of the type "${type}" in the statement ${name}. Expected ${PRINCIPALS.join(', ')}`;
  const test = conditions.find((each) => isKnown(each.test) && !OPERATOR.test(each.test))?.test;
  if (test !== undefined)
    return `has the operator "${test}" in the statement ${name}. Expected one of IAM's, as IAM spells it, such as StringEquals`;
  const action = [...(actions ?? []), ...(notActions ?? [])].find(
    (each) => isKnown(each) && !/^(\*|secretsmanager:.+)$/i.test(each),
  );
  if (action !== undefined)
    return `has the action "${action}" in the statement ${name}. Expected one of Secrets Manager, such as secretsmanager:GetSecretValue`;
  return undefined;
}

function problemOfSid({ sid }: PolicyStatement, earlier: readonly PolicyStatement[]): string | undefined {
  if (sid === undefined) return undefined;
  if (!/^[A-Za-z0-9]+$/.test(sid)) return `has the sid "${sid}". Expected letters and digits alone`;
  return earlier.some((each) => each.sid === sid)
    ? `has two statements with the sid "${sid}". Expected one`
    : undefined;
}

/** The least that it has, since a text that Terraform alone knows may be short. */
function charactersOf({ sid, name: _, conditions, ...statement }: PolicyStatement): number {
  const { principals = [], notPrincipals = [], ...rest } = statement;
  const ids = [...principals, ...notPrincipals].map(({ id }) => id);
  const tests = conditions.map(({ test, variable, values }) => [test, variable, values]);
  return JSON.stringify([sid, ids, tests, rest]).replaceAll(/\$\{[^}]*\}/g, '').length;
}

function refused(scope: Construct, problem: string): ConstructError {
  return new ConstructError('OPTIONS', `The resourcePolicy of ${scope.node.path} ${problem}.`);
}
