import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { LogGroupName, Tags } from './fields.ts';

/**
 * Makes a log group.
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
  ({ logGroupName, kmsKeyId, tags }, { logGroups, clock, region, id }): void => {
    if (logGroups.find(logGroupName)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    logGroups.add({
      logGroupName,
      arn: `arn:aws:logs:${region}:${id}:log-group:${logGroupName}`,
      createdMs: clock.now().getTime(),
      kmsKeyId,
      tags: new Map(Object.entries(tags)),
    });
  },
);
