import * as v from 'valibot';
import { action } from './action.ts';
import { usableKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

const DAY_MS = 86_400_000;

/**
 * Marks a key for deletion, in 7 to 30 days. It then stays, unusable, as long as the account.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
 */
export const scheduleKeyDeletion = action(
  v.strictObject({
    KeyId,
    PendingWindowInDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(7), v.maxValue(30)), 30),
  }),
  ({ KeyId, PendingWindowInDays }, account) => {
    const key = usableKey(KeyId, account);
    key.deletionDate = new Date(account.clock.now().getTime() + PendingWindowInDays * DAY_MS);
    return { KeyId: key.Arn, DeletionDate: key.deletionDate, KeyState: 'PendingDeletion', PendingWindowInDays };
  },
);
