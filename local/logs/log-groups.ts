import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { page } from '../secrets-manager/page.ts';
import { action } from './action.ts';
import { LogGroupName, Tags } from './fields.ts';
import type { LogGroup } from './log-group-store.ts';

/**
 * Creates a log group.
 *
 * @throws ResourceAlreadyExistsException the name is taken.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
 */
export const createLogGroup = action(
  v.strictObject({
    logGroupName: LogGroupName,
    kmsKeyId: v.optional(v.string()),
    tags: v.optional(Tags, {}),
    logGroupClass: v.optional(v.literal('STANDARD')),
  }),
  ({ logGroupName, kmsKeyId, tags }, { logGroups, clock, partition, region, id }): void => {
    if (logGroups.find(logGroupName)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    logGroups.add({
      logGroupName,
      arn: `arn:${partition}:logs:${region}:${id}:log-group:${logGroupName}`,
      createdMs: clock.now().getTime(),
      kmsKeyId,
      tags: new Map(Object.entries(tags)),
    });
  },
);

/**
 * Lists the log groups whose names begin with a prefix, in alphabetical order.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
 */
export const describeLogGroups = action(
  v.strictObject({
    logGroupNamePrefix: v.optional(v.string(), ''),
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 50),
    nextToken: v.optional(v.pipe(v.string(), v.minLength(1))),
  }),
  ({ logGroupNamePrefix, limit, nextToken: NextToken }, { logGroups, functions }) => {
    const found = logGroups
      .all()
      .filter(({ logGroupName }) => logGroupName.startsWith(logGroupNamePrefix))
      .sort((one, other) => (one.logGroupName < other.logGroupName ? -1 : 1));
    const { items, NextToken: nextToken } = page(found, { MaxResults: limit, NextToken });
    return {
      logGroups: items.map(({ logGroupName, arn, createdMs, retentionInDays, kmsKeyId }) => ({
        logGroupName,
        arn: `${arn}:*`,
        logGroupArn: arn,
        creationTime: createdMs,
        retentionInDays,
        kmsKeyId,
        logGroupClass: 'STANDARD',
        metricFilterCount: 0,
        storedBytes: functions
          .loggingTo(logGroupName)
          .flatMap(({ log }) => log)
          .join('\n').length,
      })),
      nextToken,
    };
  },
);

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

/**
 * The log group with that name or ARN.
 *
 * @throws ResourceNotFoundException there is none.
 */
export function existingLogGroup(nameOrArn: string, account: Account): LogGroup {
  const group = account.logGroups.find(nameOrArn);
  if (group) return group;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}
