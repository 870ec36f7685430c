import { arnMatches, isArn } from './arn-matches.ts';
import { fieldsOf, NotUnderstood, stringsOf } from './not-understood.ts';
import { contextValue, type RequestContext } from './request-context.ts';
import { wildcardMatches } from './wildcard-matches.ts';

const OPERATORS: ReadonlyMap<string, (wanted: string, found: string) => boolean> = new Map([
  ['StringEquals', (wanted: string, found: string) => wanted === found],
  ['StringLike', wildcardMatches],
  ['ArnEquals', arnMatches],
  ['ArnLike', arnMatches],
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
      holds(operator, key, stringsOf(`${operator} ${key}`, values), context),
    ),
  );
  return tests.every(Boolean);
}

function holds(operator: string, key: string, wanted: readonly string[], context: RequestContext): boolean {
  const [, set, name = ''] = /^(?:(ForAnyValue|ForAllValues):)?(.*)$/s.exec(operator) ?? [];
  const matches = OPERATORS.get(name);
  if (!matches) {
    throw new NotUnderstood(`the condition operator ${operator} (known: ${[...OPERATORS.keys()].join(', ')})`);
  }
  const noArn = name.startsWith('Arn') ? wanted.find((each) => !isArn(each)) : undefined;
  if (noArn !== undefined) throw new NotUnderstood(`"${noArn}", which is not an ARN, in ${operator}`);
  const found = contextValue(context, key);
  const isWanted = (value: string) => wanted.some((each) => matches(each, value));
  const values = typeof found === 'string' ? [found] : (found ?? []);
  if (set === 'ForAllValues') return values.every(isWanted);
  if (set === 'ForAnyValue') return values.some(isWanted);
  // A key with several values matches none of the plain operators.
  return typeof found === 'string' && isWanted(found);
}
