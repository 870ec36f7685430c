import { DeployError } from '../deploy-error.ts';
import type { Expression, ReferencePath } from './expression.ts';

/** What a reference stands for. */
export type Resolve = (path: ReferencePath) => unknown;

/**
 * The value of an expression.
 *
 * @throws VALUE text contains something that is not a string, number or boolean, or a function does not accept a value.
 */
export function evaluate(expression: Expression, resolve: Resolve): unknown {
  const evaluated = (inner: Expression) => evaluate(inner, resolve);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'reference':
      return resolve(expression.path);
    case 'template':
      return expression.parts.map((part) => text(evaluated(part))).join('');
    case 'list':
      return expression.items.map(evaluated);
    case 'object':
      return Object.fromEntries(expression.entries.map(([key, value]) => [text(evaluated(key)), evaluated(value)]));
    case 'call':
      return expression.function.call(...expression.arguments.map((inner) => () => evaluated(inner)));
  }
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const found = value === null || value === undefined ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  throw new DeployError('VALUE', `a text or a key is built from ${found}. Expected a string, a number or a boolean.`);
}
