import { setTimeout as sleep } from 'node:timers/promises';

/** How many calls a second this asks for: at most half of what AWS lets an account make, so that others get on. */
const PER_SECOND = {
  ListSecrets: 50,
  ListSecretVersionIds: 25,
  DescribeSecret: 1_000,
  FilterLogEvents: 2.5,
} as const;

export type PacedAction = keyof typeof PER_SECOND;

/** Calls that are made at a time. More would only wait for each other. */
const AT_ONCE = 16;

/** Keeps calls within AWS's quotas, and counts them. */
export class Pace {
  readonly calls: Record<PacedAction, number> = {
    ListSecrets: 0,
    ListSecretVersionIds: 0,
    DescribeSecret: 0,
    FilterLogEvents: 0,
  };
  readonly #nextMs: Partial<Record<PacedAction, number>> = {};

  /** Makes one call as soon as its turn comes. */
  async take<Result>(action: PacedAction, call: () => Promise<Result>): Promise<Result> {
    const nowMs = performance.now();
    const turnMs = Math.max(nowMs, this.#nextMs[action] ?? 0);
    this.#nextMs[action] = turnMs + 1_000 / PER_SECOND[action];
    if (turnMs > nowMs) await sleep(turnMs - nowMs);
    this.calls[action] += 1;
    return call();
  }

  /** Makes a call for each item, some at a time, and gives the results in the order of the items. */
  async all<Item, Result>(
    items: readonly Item[],
    action: PacedAction,
    call: (item: Item) => Promise<Result>,
  ): Promise<Result[]> {
    const results: Result[] = [];
    const entries = items.entries();
    const work = async () => {
      for (const [index, item] of entries) results[index] = await this.take(action, () => call(item));
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
    return results;
  }
}
