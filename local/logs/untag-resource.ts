import * as v from 'valibot';
import { action } from './action.ts';
import { existingLogGroup } from './existing-log-group.ts';
import { ResourceArn } from './fields.ts';

/**
 * Removes the tags of these keys from a log group.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html
 */
export const untagResource = action(
  v.strictObject({ resourceArn: ResourceArn, tagKeys: v.array(v.string()) }),
  ({ resourceArn, tagKeys }, account): void => {
    const { tags } = existingLogGroup(resourceArn, account);
    for (const key of tagKeys) tags.delete(key);
  },
);
