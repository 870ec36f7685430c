import { AwsError } from '../aws-error.ts';
import { arnMatches, isArn } from './arn-matches.ts';
import { conditionHolds } from './condition-holds.ts';
import { fieldsOf, NotUnderstood, stringsOf } from './not-understood.ts';
import { isExcepted, matchPrincipal, type Principal, type PrincipalMatch } from './principal.ts';
import type { RequestContext } from './request-context.ts';
import { wildcardMatches } from './wildcard-matches.ts';

export interface Policy {
  /** Its name in error messages. */
  readonly name: string;
  /** JSON. */
  readonly document: string;
}

/** What somebody wants to do. */
export interface AuthorizationRequest {
  /** Such as `secretsmanager:GetSecretValue`. */
  readonly action: string;
  /** The ARN of the resource, or `*` for an action without resources. Absent if a role is assumed. */
  readonly resource?: string;
  /** Who asks. Absent if the policy is the caller's own. */
  readonly principal?: Principal;
  readonly context: RequestContext;
}

export type Verdict = 'allowed' | 'denied by a statement' | 'not allowed by any statement';

/** A statement that is about the request. */
export interface Finding {
  readonly effect: 'Allow' | 'Deny';
  /** How it names who asks. Absent if the policy is the caller's own. */
  readonly match?: PrincipalMatch | undefined;
}

type Statement = Readonly<Record<string, unknown>>;

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
const ELEMENTS = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction'],
  ...['Resource', 'NotResource', 'Condition'],
];

/**
 * Judges a request by policies, as IAM does: one `Deny` that matches outweighs every `Allow`, and without a matching `Allow`
 * nothing is allowed. It knows the elements that Rotaform synthesizes. Anything else in a statement about the request's action
 * is an error, and is never skipped.
 *
 * @throws UnsupportedPolicy with the policy's name and the element that is unknown.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(policies: readonly Policy[], request: AuthorizationRequest): Verdict {
  const effects = policies.flatMap((policy) => findingsIn(policy, request)).map(({ effect }) => effect);
  if (effects.includes('Deny')) return 'denied by a statement';
  return effects.includes('Allow') ? 'allowed' : 'not allowed by any statement';
}

/**
 * The statements of a policy that are about the request.
 *
 * @throws UnsupportedPolicy with the policy's name and the element that is unknown.
 */
export function findingsIn({ name, document }: Policy, request: AuthorizationRequest): Finding[] {
  try {
    return statementsOf(document).flatMap((statement) => findingOf(statement, request) ?? []);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new AwsError(
      'UnsupportedPolicy',
      `The local AWS cannot judge ${request.action} by the policy ${name}: it does not know ${error.message}.`,
    );
  }
}

/**
 * The statements of a policy.
 *
 * @param document JSON
 * @throws NotUnderstood an element is unknown.
 */
function statementsOf(document: string): Statement[] {
  const elements = fieldsOf('the document', JSON.parse(document));
  refuseUnknown(elements, DOCUMENT_ELEMENTS);
  const { Version, Statement } = Object.fromEntries(elements);
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw new NotUnderstood(`the version ${JSON.stringify(Version)}`);
  }
  return [Statement].flat().map((statement) => {
    const fields = fieldsOf('Statement', statement);
    refuseUnknown(fields, ELEMENTS);
    return Object.fromEntries(fields);
  });
}

function refuseUnknown(fields: readonly [name: string, value: unknown][], known: readonly string[]): void {
  const [unknown] = fields.find(([name]) => !known.includes(name)) ?? [];
  if (unknown !== undefined) throw new NotUnderstood(`the element ${unknown} (known: ${known.join(', ')})`);
}

function findingOf(statement: Statement, request: AuthorizationRequest): Finding | undefined {
  const { Effect, Condition } = statement;
  // Statements about other actions may contain anything.
  if (!actionFits(statement, request.action)) return undefined;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new NotUnderstood(`the effect ${JSON.stringify(Effect)}`);
  const { fits, match } = principalFits(statement, request.principal);
  const tests = [
    resourceFits(statement, request),
    fits,
    Condition === undefined || conditionHolds(Condition, request.context),
  ];
  return tests.every(Boolean) ? { effect: Effect, match } : undefined;
}

function actionFits(statement: Statement, action: string): boolean {
  const { element, isNegative } = oneOf(statement, 'Action', 'NotAction');
  const patterns = stringsOf(element, statement[element]);
  const noAction = patterns.find((pattern) => !/^(\*|[\w-]+:[\w*?]+)$/.test(pattern));
  if (noAction !== undefined) throw new NotUnderstood(`the action "${noAction}"`);
  return patterns.some((pattern) => wildcardMatches(pattern.toLowerCase(), action.toLowerCase())) !== isNegative;
}

function resourceFits(statement: Statement, { resource, principal }: AuthorizationRequest): boolean {
  const { element, isNegative } = oneOf(statement, 'Resource', 'NotResource');
  // The policy that says who may assume a role names no resource.
  if (principal !== undefined && statement[element] === undefined) return true;
  if (resource === undefined) throw new NotUnderstood('Resource in a policy that is attached to a resource');
  const patterns = stringsOf(element, statement[element]);
  const noArn = patterns.find((pattern) => pattern !== '*' && !isArn(pattern));
  if (noArn !== undefined) throw new NotUnderstood(`"${noArn}", which is neither an ARN nor *, in ${element}`);
  const found = patterns.map((pattern) => pattern === '*' || resourceMatches(pattern, resource));
  return found.some(Boolean) !== isNegative;
}

/** The one of two elements that a statement has: `NotAction` is about every action but these. */
function oneOf(statement: Statement, element: string, negative: string): { element: string; isNegative: boolean } {
  if (statement[negative] === undefined) return { element, isNegative: false };
  if (statement[element] !== undefined) throw new NotUnderstood(`${element} and ${negative} together`);
  return { element: negative, isNegative: true };
}

/** Matches within the parts of an ARN. IAM sometimes lets a final `*` of a part cross the colon, but does not document when. */
function resourceMatches(pattern: string, resource: string): boolean {
  const matches = arnMatches(pattern, resource);
  if (matches === wildcardMatches(pattern, resource)) return matches;
  throw new NotUnderstood(`"${pattern}", whose * would have to cross a colon, in Resource`);
}

/** `NotPrincipal` is about everybody but whom it names by account, role and session. */
function principalFits(
  { Principal, NotPrincipal, Effect }: Statement,
  principal: Principal | undefined,
): { fits: boolean; match?: PrincipalMatch | undefined } {
  if (principal === undefined) {
    if (Principal === undefined && NotPrincipal === undefined) return { fits: true };
    throw new NotUnderstood("Principal in a role's own policy");
  }
  if (NotPrincipal === undefined) {
    const match = matchPrincipal(Principal, principal);
    return { fits: match !== undefined, match };
  }
  if (Principal !== undefined) throw new NotUnderstood('Principal and NotPrincipal together');
  if (Effect !== 'Deny') throw new NotUnderstood('NotPrincipal with Allow, which would allow everybody else');
  return { fits: !isExcepted(NotPrincipal, principal), match: 'itself' };
}
