import type { Condition, PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import { isDenied, type Request } from './is-denied.ts';

/** The first of two statements of which one surely denies a request, whatever their condition's key holds. */
export function deniedByTwo(statements: readonly PolicyStatement[], request: Request): PolicyStatement | undefined {
  const halves = statements.flatMap((statement) =>
    statement.conditions
      .filter((condition) => isDenied(without(statement, condition), request) === 'yes')
      .map((condition) => ({ statement, condition })),
  );
  return halves.find((one) => halves.some((other) => isOpposite(one.condition, other.condition)))?.statement;
}

function without(statement: PolicyStatement, condition: Condition): PolicyStatement {
  return { ...statement, conditions: statement.conditions.filter((each) => each !== condition) };
}

function isOpposite(one: Condition, other: Condition): boolean {
  if (one.variable.toLowerCase() !== other.variable.toLowerCase()) return false;
  const [values, others] = [one.values, other.values].map((each) => [...each].sort().join('\n').toLowerCase());
  if (/^(Bool|Null)$/.test(one.test) && one.test === other.test) return `${values} ${others}` === 'true false';
  // A request that has no such key is one that differs.
  return (
    other.test === one.test.replace(/^(String|Arn|Numeric|Date)/, '$1Not') &&
    one.test !== other.test &&
    values === others
  );
}
