import * as v from 'valibot';
import { page } from '../secrets-manager/page.ts';
import { action } from './action.ts';

/**
 * Lists the log groups whose names begin so, by their names.
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
