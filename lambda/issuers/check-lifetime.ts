import { checkTokenLifetime, type RenewalRules } from '../../rules/token-lifetime.ts';
import { RotationError } from '../rotation/index.ts';

/**
 * Refuses a token that would be dead before its successor is read: by the secret's own rules, or by what EventBridge Scheduler
 * does besides.
 * @throws CONFIGURATION
 */
export function checkLifetime(lifetimeSeconds: number, rules: RenewalRules): void {
  const reason = checkTokenLifetime(lifetimeSeconds, rules);
  if (reason !== undefined) throw new RotationError('CONFIGURATION', reason);
}
