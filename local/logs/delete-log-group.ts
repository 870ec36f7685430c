import * as v from 'valibot';
import { action } from './action.ts';
import { existingLogGroup } from './existing-log-group.ts';
import { LogGroupName } from './fields.ts';

/**
 * Deletes a log group and all its lines.
 *
 * @throws ResourceNotFoundException no such log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html
 */
export const deleteLogGroup = action(
  v.strictObject({ logGroupName: LogGroupName }),
  ({ logGroupName }, account): void => {
    existingLogGroup(logGroupName, account);
    account.logGroups.remove(logGroupName);
    for (const { logLines } of account.functions.loggingTo(logGroupName)) logLines.length = 0;
  },
);
