import type { Invocation } from './invocation.ts';
import { PROOF_HOLDS_MS } from './proved-versions.ts';

/** After a proof that still held, finishSecret may wait so long for the answer to its last call. */
const CALL_MS = 5_000;

/** How often the labels are read in that time. */
const PAUSE_MS = 500;

/** How long before the function's time is over this gives up, so that the strategy can say why it changed anything back. */
const RESERVE_MS = 500;

export interface ChangeBack {
  /** Makes the target accept what it accepted before. */
  back(): Promise<void>;
  /** Makes the target accept the pending value again. */
  again(): Promise<void>;
}

/**
 * Changes something back at the target, unless the rotation was finished or given up. Another attempt may have proved the value before
 * that, and may finish the rotation at that very moment: the labels are read on until no such proof holds any more, and if the
 * version has become current, the target gets its value again.
 */
export async function changeBack<Current, Pending>(
  invocation: Invocation<Current, Pending>,
  { back, again }: ChangeBack,
): Promise<void> {
  if (!(await invocation.isPending().catch(() => false))) return;
  await back();
  const { deadline } = invocation;
  const leftMs = Math.min(PROOF_HOLDS_MS + CALL_MS, deadline.remainingMs - RESERVE_MS);
  const until = performance.now() + leftMs;
  for (;;) {
    const labels = await invocation.labels().catch(() => undefined);
    if (labels?.stages.includes('AWSCURRENT')) return again();
    if (performance.now() + PAUSE_MS > until) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
