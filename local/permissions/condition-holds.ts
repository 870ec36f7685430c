import { arnMatches, isArn } from './arn-matches.ts';
import { fieldsOf, NotUnderstood, stringsOf } from './not-understood.ts';
import { contextValue, type RequestContext } from './request-context.ts';
import { wildcardMatches } from './wildcard-matches.ts';

type Matches = (wanted: string, found: string) => boolean;

const equals: Matches = (wanted, found) => wanted === found;
const equalsIgnoringCase: Matches = (wanted, found) => wanted.toLowerCase() === found.toLowerCase();
const POSITIVE: readonly (readonly [name: string, matches: Matches])[] = [
  ['StringEquals', equals],
  ['StringEqualsIgnoreCase', equalsIgnoringCase],
  ['StringLike', wildcardMatches],
  ['ArnEquals', arnMatches],
  ['ArnLike', arnMatches],
  ['Bool', equalsIgnoringCase],
];
/** `StringNotLike` holds if `StringLike` does not. `Bool` has no such opposite. */
const NEGATIVE = POSITIVE.flatMap(([name, matches]) => {
  const [, type, rest] = /^(String|Arn)(.+)$/.exec(name) ?? [];
  return type === undefined ? [] : [[`${type}Not${rest}`, matches] as const];
});
const OPERATORS = new Map<string, { readonly matches: Matches; readonly isNegative: boolean }>([
  ...POSITIVE.map(([name, matches]) => [name, { matches, isNegative: false }] as const),
  ...NEGATIVE.map(([name, matches]) => [name, { matches, isNegative: true }] as const),
]);

/**
 * Whether a statement's `Condition` holds: every operator, for each of its keys.
 *
 * @throws NotUnderstood an operator, a key or a value is unknown here, whether the rest holds or not.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionHolds(condition: unknown, context: RequestContext): boolean {
  const tests = fieldsOf('Condition', condition).flatMap(([operator, keys]) =>
    fieldsOf(operator, keys).map(([key, values]) =>
      holds(operator, key, stringsOf(`${operator} ${key}`, textsOf(operator, values)), context),
    ),
  );
  return tests.every(Boolean);
}

function holds(operator: string, key: string, wanted: readonly string[], context: RequestContext): boolean {
  if (operator === 'Null') return isNull(key, wanted, context);
  const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/s.exec(operator) ?? [];
  const known = OPERATORS.get(name);
  if (!known) {
    throw new NotUnderstood(`the condition operator ${operator} (known: ${[...OPERATORS.keys(), 'Null'].join(', ')})`);
  }
  const { matches, isNegative } = known;
  const noArn = name.startsWith('Arn') ? wanted.find((each) => !isArn(each)) : undefined;
  if (noArn !== undefined) throw new NotUnderstood(`"${noArn}", which is not an ARN, in ${operator}`);
  const found = contextValue(context, key);
  if (found === undefined && ifExists !== undefined) return true;
  // What is no ARN is neither like one nor unlike it.
  const isComparable = (value: string) => !name.startsWith('Arn') || isArn(value);
  const isWanted = (value: string) => isComparable(value) && wanted.some((each) => matches(each, value)) !== isNegative;
  const values = typeof found === 'string' ? [found] : (found ?? []);
  if (set === 'ForAllValues') return values.every(isWanted);
  if (set === 'ForAnyValue') return values.some(isWanted);
  // A key that the request does not have is none of the values. One with several values fits no plain operator.
  if (found === undefined) return isNegative;
  return typeof found === 'string' && isWanted(found);
}

/** Only what is true or false may be written without quotation marks. */
function textsOf(operator: string, values: unknown): unknown {
  if (!/^(Null|Bool)/.test(operator)) return values;
  return [values].flat().map((value) => (typeof value === 'boolean' ? String(value) : value));
}

function isNull(key: string, wanted: readonly string[], context: RequestContext): boolean {
  return wanted.some((each) => each.toLowerCase() === String(contextValue(context, key) === undefined));
}
