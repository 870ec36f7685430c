import type { Condition, PolicyStatement, Principal } from '../../rules/resource-policy/policy-statement.ts';
import type { Caller } from './caller.ts';
import { all, any, matches, not, type Shape, type Verdict } from './verdict.ts';

/** A request that a policy is asked about. */
export interface Request {
  readonly caller: Caller;
  /** Such as `secretsmanager:GetSecretValue`. */
  readonly action: string;
  readonly secretArn: Shape;
  /** Condition keys of the request alone, in lower case. */
  readonly context: Caller['context'];
}

/** Whether a statement denies the request. */
export function isDenied(statement: PolicyStatement, { caller, action, secretArn, context }: Request): Verdict {
  if (statement.effect !== 'Deny') return 'no';
  const { principals, notPrincipals, actions, notActions, resources, notResources, conditions } = statement;
  const keys = { ...caller.context, ...context };
  return all([
    principals === undefined ? not(isExcepted(notPrincipals ?? [], caller)) : isAmong(principals, caller),
    actions === undefined ? not(namesAction(notActions ?? [], action)) : namesAction(actions, action),
    resources === undefined ? not(names(notResources ?? [], secretArn)) : names(resources, secretArn),
    ...conditions.map((condition) => holds(condition, keys, caller.isUnknown)),
  ]);
}

/** By what those are named whom a statement means: it is ordinary that Terraform or only AWS knows whether the role is among them. */
const NAMES_WHOM =
  /^aws:(Principal(Arn|Account|Org(ID|Paths)|ServiceName|IsAWSService)|Source(Account|Arn|Org(ID|Paths)))$/i;

/**
 * Whether a statement may deny the request by what it says of the request itself, such as where it comes from, or of the secret, and
 * not only by whom it means.
 */
export function mayDenyUnseen(statement: PolicyStatement, request: Request): boolean {
  if (isDenied(statement, request) !== 'maybe') return false;
  const { secretArn, caller, context } = request;
  const { resources, notResources = [], conditions } = statement;
  return (
    names(resources ?? notResources, secretArn) === 'maybe' ||
    conditions.some(
      (each) =>
        !NAMES_WHOM.test(each.variable) && holds(each, { ...caller.context, ...context }, caller.isUnknown) === 'maybe',
    )
  );
}

const names = (texts: readonly string[], shape: Shape) => any(texts.map((text) => matches(text, shape)));

function namesAction(texts: readonly string[], action: string): Verdict {
  const shape = { texts: [], glob: action.toLowerCase() };
  return any(texts.map((text) => matches(text.toLowerCase(), shape)));
}

function isAmong(principals: readonly Principal[], caller: Caller): Verdict {
  return any(principals.map((principal) => isPrincipal(principal, caller)));
}

function isPrincipal({ type, id }: Principal, caller: Caller): Verdict {
  if (type.includes('${')) return 'maybe';
  if (type === '*' || (type === 'AWS' && id === '*')) return 'yes';
  if (type !== 'AWS') return 'no';
  return any([isAccount(id, caller), ...caller.arns.map((arn) => matchesArn(id, arn, caller, false))]);
}

/**
 * A NotPrincipal excepts a role's session if it names the session, the role and the account; and nobody who has a permissions
 * boundary.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExcepted(principals: readonly Principal[], caller: Caller): Verdict {
  if (caller.hasBoundary) return 'no';
  if (principals.some(({ type, id }) => type === '*' || id === '*')) return 'yes';
  const ids = principals.filter(({ type }) => type === 'AWS' || type.includes('${')).map(({ id }) => id);
  return all([
    any(ids.map((id) => isAccount(id, caller))),
    ...caller.arns.map((arn) => any(ids.map((id) => matchesArn(id, arn, caller, false)))),
  ]);
}

function isAccount(id: string, { account }: Caller): Verdict {
  const [, owner = id] = /^arn:[^:]*:iam::(.+):root$/.exec(id) ?? [];
  if (owner === id && !/^\d{12}$|^\$\{/.test(id)) return 'no';
  return matches(owner, account, false);
}

function matchesArn(text: string, arn: Shape, { isUnknown }: Caller, wildcards = true): Verdict {
  // Who deploys may be behind a pattern or a reference, and is not the role of an application that is named.
  if (isUnknown && /\$\{aws_/.test(text)) return 'no';
  if (isUnknown && text !== '*' && /[*?]|\$\{/.test(text)) return 'maybe';
  return matches(text, arn, wildcards);
}

const NEGATED = /^(String|Arn|Numeric|Date)Not|^NotIpAddress$/;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function holds({ test, variable, values }: Condition, keys: Caller['context'], isUnknown: boolean): Verdict {
  const [, set, operator = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(test) ?? [];
  const shape = keys[variable.toLowerCase()];
  if (shape === undefined) return 'maybe';
  if (operator === 'Null')
    return all(values.map((value) => matches(value.toLowerCase(), asText(shape === 'absent'), false)));
  if (shape === 'absent') {
    if (ifExists !== undefined || set === 'ForAllValues') return 'yes';
    return set === undefined && NEGATED.test(operator) ? 'yes' : 'no';
  }
  // Each key that is known here has one value: all of them, and any, are that one.
  const found = any(values.map((value) => finds(operator, value, shape, isUnknown)));
  return NEGATED.test(operator) ? not(found) : found;
}

function finds(operator: string, value: string, shape: Shape, isUnknown: boolean): Verdict {
  const [, caseless] = /^(String(?:Not)?Equals)IgnoreCase$/.exec(operator) ?? [];
  if (caseless !== undefined) return finds(caseless, value.toLowerCase(), inLowerCase(shape), isUnknown);
  if (/^String(Not)?Like$|^Arn(Not)?(Like|Equals)$/.test(operator)) {
    if (isUnknown && shape.glob === 'the deployer') return matchesArn(value, shape, { isUnknown } as Caller);
    return matches(value, shape);
  }
  if (/^String(Not)?Equals$|^Bool$|^(Not)?IpAddress$/.test(operator)) {
    if (isUnknown && shape.glob === 'the deployer') return matchesArn(value, shape, { isUnknown } as Caller, false);
    return matches(operator === 'Bool' ? value.toLowerCase() : value, shape, false);
  }
  return 'maybe';
}

const inLowerCase = ({ texts, glob }: Shape): Shape => ({
  texts: texts.map((text) => text.toLowerCase()),
  glob: glob.toLowerCase(),
});

const asText = (value: boolean): Shape => ({ texts: [], glob: String(value) });
