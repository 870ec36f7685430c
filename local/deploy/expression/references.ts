import type { Expression, ReferencePath } from './expression.ts';

/** Every reference in an expression, in order. */
export function references(expression: Expression): ReferencePath[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'reference':
      return [expression.path];
    case 'template':
      return expression.parts.flatMap(references);
    case 'list':
      return expression.items.flatMap(references);
    case 'object':
      return expression.entries.flat().flatMap(references);
    case 'call':
      return expression.arguments.flatMap(references);
  }
}
