import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { type CloudTrailRecord, cloudTrailRecord, type RecordedEvent } from './cloud-trail-record.ts';

/**
 * Tells of each record that CloudTrail would write of the account's secrets, as it comes to be: calls of Secrets Manager,
 * those of KMS in between, and rotations.
 */
export function watchCloudTrail(account: Account, onRecord: (record: CloudTrailRecord) => void): void {
  const { id: accountId, region, clock, events } = account;
  const record = (recorded: RecordedEvent) =>
    onRecord(cloudTrailRecord(recorded, { accountId, region, time: clock.now(), eventId: randomUUID() }));

  events.on('call', (event) => {
    // KMS itself is asked for neither of the two here: these are Secrets Manager's calls.
    const isForASecret = event.service === 'kms' && /^(Decrypt|GenerateDataKey)$/.test(event.action);
    if (event.service === 'secretsmanager' || isForASecret) record({ name: 'call', event });
  });
  events.on('rotationStarted', (event) => record({ name: 'rotationStarted', event }));
  events.on('rotationSucceeded', (event) => record({ name: 'rotationSucceeded', event }));
  events.on('rotationFailed', (event) => record({ name: 'rotationFailed', event }));
  events.on('rotationAbandoned', (event) => record({ name: 'rotationAbandoned', event }));
}
