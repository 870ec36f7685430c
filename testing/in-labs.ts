import type { StrategyLab } from './strategy-lab.ts';

/**
 * Works through the items, as many at a time as there are labs.
 * @throws what failed first; no item is begun after it
 */
export async function inLabs<Item>(
  labs: readonly StrategyLab[],
  items: readonly Item[],
  work: (lab: StrategyLab, item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  let hasFailed = false;
  const ended = await Promise.allSettled(
    labs.map(async (lab) => {
      for (const item of left) {
        if (hasFailed) return;
        await work(lab, item).catch((error) => {
          hasFailed = true;
          throw error;
        });
      }
    }),
  );
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}
