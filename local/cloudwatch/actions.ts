import type { Action } from '../action.ts';
import { AwsError } from '../aws-error.ts';
import { tagActions } from '../tag-list.ts';
import { action } from './action.ts';
import { deleteAlarms, describeAlarms, putMetricAlarm } from './alarms.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['DeleteAlarms', deleteAlarms],
  ['DescribeAlarms', describeAlarms],
  ['PutMetricAlarm', putMetricAlarm],
  ...tagActions(action, 'ResourceARN', (arn, { alarms }) => {
    const alarm = alarms.all().find((each) => each.arn === arn);
    if (alarm) return alarm.tags;
    throw new AwsError('ResourceNotFoundException', `There is no alarm ${arn}.`, 404);
  }),
]);
