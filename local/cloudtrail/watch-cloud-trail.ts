import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { placeOf } from '../place.ts';
import { type CloudTrailRecord, cloudTrailRecord, type RecordedEvent } from './cloud-trail-record.ts';

/**
 * Reports each record that CloudTrail would write about the secrets of all accounts, as it happens: calls to Secrets Manager,
 * the calls to KMS that they need, and rotations.
 */
export function watchCloudTrail(account: Account, onRecord: (record: CloudTrailRecord) => void): void {
  const { clock, events } = account;
  const record = (recorded: RecordedEvent) =>
    onRecord(cloudTrailRecord(recorded, { ...placeOfEvent(recorded), time: clock.now(), eventId: randomUUID() }));

  events.on('call', (event) => {
    // Clients do not call these two actions of KMS here, so the caller is always Secrets Manager.
    const isForASecret = event.service === 'kms' && /^(Decrypt|GenerateDataKey)$/.test(event.action);
    if (event.service === 'secretsmanager' || isForASecret) record({ name: 'call', event });
  });
  events.on('rotationStarted', (event) => record({ name: 'rotationStarted', event }));
  events.on('rotationSucceeded', (event) => record({ name: 'rotationSucceeded', event }));
  events.on('rotationFailed', (event) => record({ name: 'rotationFailed', event }));
  events.on('rotationAbandoned', (event) => record({ name: 'rotationAbandoned', event }));
}

function placeOfEvent({ name, event }: RecordedEvent): { accountId: string; region: string } {
  if (name === 'call') return event;
  const { id: accountId = '', region = '' } = placeOf(event.secretArn) ?? {};
  return { accountId, region };
}
