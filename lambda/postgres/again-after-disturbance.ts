import { setTimeout as sleep } from 'node:timers/promises';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { SAVEPOINT } from './critical-section.ts';
import type { PostgresSession } from './postgres-session.ts';

/** How long the work is begun again, and the pause before that, in which applications get their turn. */
const TRIES_MS = 8_000;
const PAUSE_MS = 500;

/**
 * SQLSTATEs of what others do at the same time: they have a lock, they change the same, or they have dropped what was there a moment
 * ago. XX000 is what one of two sessions gets that change the same role or grants.
 */
const DISTURBED = /^(40|55P03|XX000|42P01|42704|42883|3F000)/;

/**
 * Does the work in a transaction that `criticalSection` has begun, and begins again from there if others got in its way: all locks are
 * given back in between, so that nobody waits for long behind a work that waits itself.
 * @param work what it logs is written once it is done
 * @throws what disturbed it last
 */
export async function againAfterDisturbance(
  session: PostgresSession,
  { log, signal }: Pick<RotationContext, 'log' | 'signal'>,
  work: (log: RotationContext['log']) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const lines: Parameters<RotationContext['log']>[] = [];
    try {
      await work((...line) => void lines.push(line));
      for (const line of lines) log(...line);
      return;
    } catch (error) {
      const { code = '' } = Object(Object(error).cause) as { code?: string };
      // A function of the server that fails would do so again.
      const isFinal = error instanceof RotationError && error.code === 'CONFIGURATION';
      if (isFinal || !DISTURBED.test(code) || performance.now() - startedAt > TRIES_MS) throw error;
    }
    await session.run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
