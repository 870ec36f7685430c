import * as v from 'valibot';
import { action } from './action.ts';
import { existingLogGroup } from './existing-log-group.ts';
import { ResourceArn, Tags } from './fields.ts';

/**
 * Adds tags to a log group, and replaces those of the same keys.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html
 */
export const tagResource = action(
  v.strictObject({ resourceArn: ResourceArn, tags: Tags }),
  ({ resourceArn, tags }, account): void => {
    const group = existingLogGroup(resourceArn, account);
    for (const [key, value] of Object.entries(tags)) group.tags.set(key, value);
  },
);
