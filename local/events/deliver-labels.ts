import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { placeOf } from '../place.ts';

/**
 * Sends Secrets Manager's own events to the rules of the secret's account and region. They need no trail.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 */
export function deliverLabels(account: Account): void {
  account.events.on('labelMoved', ({ secretArn, label, versionId }) => {
    const owner = account.at(placeOf(secretArn) ?? {});
    const { id, region, clock } = owner;
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account: id,
      time: clock.now().toISOString().replace(/\.\d+/, ''),
      region,
      resources: [secretArn],
      detail: { name: owner.secrets.find(secretArn)?.name, labelUpdated: label, versionId },
    };
    owner.eventRules.deliver(event, owner);
  });
}
