import * as v from 'valibot';
import { action } from './action.ts';
import { existingLogGroup } from './existing-log-group.ts';
import { LogGroupName } from './fields.ts';

/**
 * Lets a group's lines be kept for ever.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html
 */
export const deleteRetentionPolicy = action(
  v.strictObject({ logGroupName: LogGroupName }),
  ({ logGroupName }, account): void => {
    existingLogGroup(logGroupName, account).retentionInDays = undefined;
  },
);
