import type { Expression } from '../../local/deploy/expression/expression.ts';

/** Parts that the locals of a stack may have once each name stands for what it names. */
export const MOST_PARTS = 100_000;

/**
 * How many parts a local has once every local that it names is written out. Locals that name one another twice double at each
 * step: thirty lines would fill a machine's memory.
 */
export function partsOfLocals(locals: ReadonlyMap<string, readonly Expression[]>): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const sizeOf = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    // What names itself is no larger for it: Terraform refuses it.
    sizes.set(name, 1);
    const size = (locals.get(name) ?? []).reduce((sum, expression) => sum + partsOf(expression, sizeOf), 1);
    sizes.set(name, size);
    return size;
  };
  for (const name of locals.keys()) sizeOf(name);
  return sizes;
}

function partsOf(expression: Expression, sizeOf: (name: string) => number): number {
  const sum = (parts: readonly Expression[]) => parts.reduce((total, part) => total + partsOf(part, sizeOf), 1);
  switch (expression.kind) {
    case 'literal':
      return 1;
    case 'reference':
      return expression.path[0] === 'local' ? sizeOf(String(expression.path[1])) : 1;
    case 'template':
      return sum(expression.parts);
    case 'list':
      return sum(expression.items);
    case 'object':
      return sum(expression.entries.flat());
    case 'call':
      return sum(expression.arguments);
  }
}
