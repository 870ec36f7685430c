import { DeployError, placed } from './deploy-error.ts';
import { references } from './expression/references.ts';
import type { Block } from './read-stack.ts';
import { addressOf } from './scope.ts';

/**
 * The blocks, each after those that it refers to or depends on. Otherwise in the order of the stack.
 *
 * @throws REFERENCE the stack does not declare something that it refers to.
 * @throws CYCLE blocks wait for each other. Names their addresses.
 */
export function inOrder(blocks: readonly Block[]): Block[] {
  const byAddress = new Map(blocks.map((block) => [block.address, block]));
  const ordered = new Set<Block>();

  function visit(block: Block, waiting: readonly string[]): void {
    if (ordered.has(block)) return;
    const trail = [...waiting, block.address];
    if (waiting.includes(block.address)) {
      const cycle = trail.slice(waiting.indexOf(block.address)).join(' → ');
      throw new DeployError('CYCLE', `These wait for each other: ${cycle}. Remove one of the references.`);
    }
    for (const { place, address } of needs(block)) {
      const needed = byAddress.get(address);
      if (!needed) {
        throw new DeployError('REFERENCE', `"${address}" is not declared in the stack.`).at(place);
      }
      visit(needed, trail);
    }
    ordered.add(block);
  }

  for (const block of blocks) visit(block, []);
  return [...ordered];
}

function needs(block: Block): { place: string; address: string }[] {
  const conditions = block.preconditions.flatMap(({ condition, errorMessage }) => [condition, errorMessage]);
  const expressions = [
    ...Object.entries(block.attributes),
    ...conditions.map((condition) => ['precondition', condition] as const),
  ];
  const referred = expressions.flatMap(([attribute, expression]) => {
    const place = `${block.address}.${attribute}`;
    const addresses = references(expression).map((path) => placed(place, () => addressOf(path)));
    return addresses.flatMap((address) => (address === undefined ? [] : [{ place, address }]));
  });
  const declared = block.dependsOn.map((address) => ({ place: `${block.address}.depends_on`, address }));
  return [...referred, ...declared];
}
