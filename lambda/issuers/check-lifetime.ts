import { checkTokenLifetime, REFRESH_VARIABLE } from '../../rules/token-lifetime.ts';
import { type CreateContext, type Environment, RotationError } from '../rotation/index.ts';

/**
 * Refuses a token that would be dead before its successor is read: by the secret's own rules, or by what EventBridge Scheduler
 * does besides.
 * @throws CONFIGURATION
 */
export function checkLifetime(
  lifetimeSeconds: number,
  environment: Environment,
  { rotationRules }: CreateContext,
): void {
  const { [REFRESH_VARIABLE]: minutes } = environment;
  const refresh = minutes === undefined ? {} : { refreshEveryMinutes: Number(minutes) };
  const reason = checkTokenLifetime(lifetimeSeconds, { ...rotationRules, ...refresh });
  if (reason !== undefined) throw new RotationError('CONFIGURATION', reason);
}
