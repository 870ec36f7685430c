/** Versions from the first to before the second; the numbers of each, such as 6, 50 and 0. */
interface Range {
  readonly from: readonly number[];
  readonly before: readonly number[];
}

const PART = /^(=|>=|>|<=|<|~>|!=)?\s*(\d{1,6}(?:\.\d{1,6}){0,2})$/;

/** Whether a constraint of Terraform, such as `6.55.0` or `~> 6.50`, admits no version that another one does not. */
export function isWithin(constraint: string, allowed: string): boolean {
  const inner = rangeOf(constraint);
  const outer = rangeOf(allowed);
  if (inner === undefined || outer === undefined) return false;
  return order(inner.from, outer.from) >= 0 && order(inner.before, outer.before) <= 0;
}

/** @see https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
function rangeOf(constraint: string): Range | undefined {
  let from: readonly number[] = [0];
  let before: readonly number[] = [Number.POSITIVE_INFINITY];
  for (const part of constraint.split(',')) {
    const [, operator = '=', version] = PART.exec(part.trim()) ?? [];
    if (version === undefined) return undefined;
    const numbers = version.split('.').map(Number);
    const exact = [...numbers, 0, 0].slice(0, 3);
    const lowest = operator === '>' ? next(exact) : exact;
    if (['=', '>=', '>', '~>'].includes(operator) && order(lowest, from) > 0) from = lowest;
    const end = operator === '~>' ? next(numbers.slice(0, Math.max(1, numbers.length - 1))) : next(exact);
    const highest = operator === '<' ? exact : end;
    if (['=', '<=', '<', '~>'].includes(operator) && order(highest, before) < 0) before = highest;
  }
  return { from, before };
}

const next = (numbers: readonly number[]) => numbers.with(-1, (numbers.at(-1) ?? 0) + 1);

function order(one: readonly number[], other: readonly number[]): number {
  for (const index of [0, 1, 2]) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
