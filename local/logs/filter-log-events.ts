import * as v from 'valibot';
import type { Account } from '../account.ts';
import type { LogLine } from '../lambda/lambda-function.ts';
import { page } from '../secrets-manager/page.ts';
import { action } from './action.ts';
import { filterPattern } from './filter-pattern.ts';
import { existingLogGroup } from './log-groups.ts';

const Milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * Lists the lines that functions wrote to a log group, oldest first.
 *
 * @throws ResourceNotFoundException there is no such group, and no function logs to it.
 * @throws InvalidParameterException the local AWS does not understand the filter pattern.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export const filterLogEvents = action(
  v.strictObject({
    logGroupName: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
    filterPattern: v.optional(v.pipe(v.string(), v.maxLength(1024)), ''),
    startTime: v.optional(Milliseconds, 0),
    endTime: v.optional(Milliseconds, Number.MAX_SAFE_INTEGER),
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 10_000),
    nextToken: v.optional(v.pipe(v.string(), v.minLength(1))),
  }),
  (input, account) => {
    const matches = filterPattern(input.filterPattern);
    const found = linesOf(input.logGroupName, account).filter(
      ({ timestampMs, message }) => timestampMs >= input.startTime && timestampMs <= input.endTime && matches(message),
    );
    const { items, NextToken } = page(found, { MaxResults: input.limit, NextToken: input.nextToken });
    return {
      events: items.map(({ eventId, logStreamName, timestampMs, message }) => ({
        eventId,
        logStreamName,
        timestamp: timestampMs,
        ingestionTime: timestampMs,
        message,
      })),
      nextToken: NextToken,
      searchedLogStreams: [],
    };
  },
);

function linesOf(logGroupName: string, account: Account): LogLine[] {
  const functions = account.functions.loggingTo(logGroupName);
  // A function logs even if nobody created its group.
  if (functions.length === 0) existingLogGroup(logGroupName, account);
  return functions.flatMap(({ logLines }) => logLines).sort((one, other) => one.timestampMs - other.timestampMs);
}
