import * as v from 'valibot';
import { action } from './action.ts';
import { ResourceArn, Tags } from './fields.ts';
import { existingLogGroup } from './log-groups.ts';

/**
 * Adds tags to a log group. A tag with the same key is replaced.
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

/**
 * The tags of a log group.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html
 */
export const listTagsForResource = action(v.strictObject({ resourceArn: ResourceArn }), ({ resourceArn }, account) => ({
  tags: Object.fromEntries(existingLogGroup(resourceArn, account).tags),
}));

/**
 * Removes the tags with these keys from a log group.
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
