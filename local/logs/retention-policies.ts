import * as v from 'valibot';
import { action } from './action.ts';
import { LogGroupName } from './fields.ts';
import { existingLogGroup } from './log-groups.ts';

const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/**
 * Sets how long a group's lines are kept. The setting is stored, and has no effect here.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const putRetentionPolicy = action(
  v.strictObject({ logGroupName: LogGroupName, retentionInDays: v.picklist(DAYS) }),
  ({ logGroupName, retentionInDays }, account): void => {
    existingLogGroup(logGroupName, account).retentionInDays = retentionInDays;
  },
);

/**
 * Removes a group's retention: its lines are kept forever.
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
