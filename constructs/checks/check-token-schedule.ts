import { checkTokenLifetime } from '../../rules/token-lifetime.ts';
import { ConstructError } from '../construct-error.ts';
import type { SecretRotationProps } from '../secret-rotation.ts';

/**
 * Refuses a schedule by which a token of a known life would expire before its successor is there.
 * @throws SCHEDULE
 */
export function checkTokenSchedule({ rotation, schedule, refreshEveryMinutes }: SecretRotationProps): void {
  const { tokenLifetimeSeconds } = rotation.needs;
  if (tokenLifetimeSeconds === undefined) return;
  const reason = checkTokenLifetime(tokenLifetimeSeconds, {
    ...schedule.rules,
    ...(refreshEveryMinutes && { refreshEveryMinutes }),
  });
  if (reason !== undefined) throw new ConstructError('SCHEDULE', reason);
}
