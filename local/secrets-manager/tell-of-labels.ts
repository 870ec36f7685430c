import type { Account } from '../account.ts';
import type { Secret } from './secret.ts';

/**
 * Tells that labels are on another version: of all labels but two, as AWS does.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 */
export function tellOfLabels(secret: Secret, labels: readonly string[], versionId: string, account: Account): void {
  for (const label of labels) {
    if (label === 'AWSPENDING' || label === 'AWSPREVIOUS') continue;
    account.events.emit('labelMoved', { secretArn: secret.arn, label, versionId });
  }
}
