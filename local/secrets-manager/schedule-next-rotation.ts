import { randomUUID } from 'node:crypto';
import { nextRotationWindow } from '../../rules/schedule/schedule.ts';
import type { Account } from '../account.ts';
import { RotationRun } from './rotation-run.ts';
import type { Secret } from './secret.ts';

/**
 * Plans the secret's rotation in its next window, at the moment that the account's settings choose, and in every
 * window after that. An incomplete rotation is tried again then, with its own token.
 *
 * @param lastRotated the date from which the rules count. A value that was put by hand counts as a rotation.
 */
export function scheduleNextRotation(secret: Secret, account: Account, lastRotated?: Date): void {
  const { rotation } = secret;
  rotation?.next?.cancel();
  if (!rotation?.enabled || !rotation.rules) return;
  const { opens, closes } = nextRotationWindow(rotation.rules, account.clock.now(), lastRotated);
  const lengthMs = closes.getTime() - opens.getTime();
  const moment = new Date(opens.getTime() + account.rotation.momentInWindow(secret.arn) * lengthMs);
  const cancel = account.clock.at(moment, () => {
    scheduleNextRotation(secret, account, account.clock.now());
    if (secret.deletion || secret.lastRun?.isUnderWay) return;
    RotationRun.start(secret, account, { versionId: secret.incompleteVersionId ?? randomUUID(), kind: 'rotation' });
  });
  rotation.next = { closes, cancel };
}
