import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { refuseReplica, writableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import type { Secret } from './secret.ts';

const DEFAULT_WINDOW_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Marks a secret for deletion. It can be restored for 7 to 30 days (by default 30), then it is gone. With
 * `ForceDeleteWithoutRecovery` it is gone at once, and it is no error if it never existed.
 *
 * @throws InvalidParameterException it is a replica, or still has one; the window is out of range, or `ForceDeleteWithoutRecovery` is set too.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
 */
export const deleteSecret = action(
  v.strictObject({
    SecretId,
    RecoveryWindowInDays: v.optional(v.pipe(v.number(), v.integer())),
    ForceDeleteWithoutRecovery: v.optional(v.boolean()),
  }),
  ({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }, account) => {
    refuseWindow(RecoveryWindowInDays, ForceDeleteWithoutRecovery);
    const now = account.clock.now();
    if (ForceDeleteWithoutRecovery) {
      const secret = account.secrets.find(SecretId);
      if (secret) {
        refuseReplica(secret, account);
        refuseReplicated(secret);
        account.secrets.remove(secret);
      }
      return { ARN: secret?.arn ?? SecretId, Name: secret?.name ?? SecretId, DeletionDate: now };
    }
    const secret = writableSecret(SecretId, account);
    refuseReplicated(secret);
    const date = new Date(now.getTime() + (RecoveryWindowInDays ?? DEFAULT_WINDOW_DAYS) * DAY_MS);
    secret.lastRun?.cancel();
    planDeletion(secret, date, account);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: date };
  },
);

/** Marks a secret for deletion at that date. */
export function planDeletion(secret: Secret, date: Date, account: Account): void {
  secret.deletion = { date, cancel: account.clock.at(date, () => account.secrets.remove(secret)) };
}

function refuseReplicated({ arn, replications }: Secret): void {
  if (replications.size === 0) return;
  throw new AwsError(
    'InvalidParameterException',
    `You can't delete secret ${arn} that still has replica regions [${[...replications.keys()].join(', ')}]`,
  );
}

function refuseWindow(days: number | undefined, isForced: boolean | undefined): void {
  if (days === undefined) return;
  if (isForced) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days < 7 || days > 30) {
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
}
