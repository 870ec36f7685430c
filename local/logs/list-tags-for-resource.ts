import * as v from 'valibot';
import { action } from './action.ts';
import { existingLogGroup } from './existing-log-group.ts';
import { ResourceArn } from './fields.ts';

/**
 * The tags of a log group.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html
 */
export const listTagsForResource = action(v.strictObject({ resourceArn: ResourceArn }), ({ resourceArn }, account) => ({
  tags: Object.fromEntries(existingLogGroup(resourceArn, account).tags),
}));
