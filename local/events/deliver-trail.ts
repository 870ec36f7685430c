import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { watchCloudTrail } from '../cloudtrail/watch-cloud-trail.ts';

/** Sends what a trail records of rotations to the rules of its account and region. */
export function deliverTrail(account: Account): void {
  watchCloudTrail(account, (record) => {
    if (record.eventType !== 'AwsServiceEvent') return;
    const { recipientAccountId: id, awsRegion: region, eventTime: time } = record;
    const owner = account.at({ id, region });
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'AWS Service Event via CloudTrail',
      source: 'aws.secretsmanager',
      account: id,
      time,
      region,
      resources: [],
      detail: record,
    };
    owner.eventRules.deliver(event, owner);
  });
}
