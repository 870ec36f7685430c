import * as v from 'valibot';
import { TagList, tagMap } from '../tag-list.ts';
import { action } from './action.ts';
import { Alarm } from './alarm.ts';
import { AlarmName, SETTINGS } from './fields.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const putMetricAlarm = action(
  v.strictObject({ ...SETTINGS, Tags: v.optional(TagList, []) }),
  ({ Tags, ...settings }, account): void => {
    // The tags of an alarm that is there already stay as they are.
    const tags = account.alarms.find(settings.AlarmName)?.tags ?? tagMap(Tags);
    account.alarms.add(new Alarm(settings, account, account.alarms.pointsOf(settings), tags));
  },
);

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export const describeAlarms = action(
  v.strictObject({
    AlarmNames: v.optional(v.array(AlarmName)),
    AlarmTypes: v.optional(v.array(v.literal('MetricAlarm'))),
  }),
  ({ AlarmNames }, account) => ({
    MetricAlarms: account.alarms
      .all()
      .filter(({ settings }) => AlarmNames === undefined || AlarmNames.includes(settings.AlarmName))
      .map(({ settings, arn, state, reason }) => ({
        ...settings,
        AlarmArn: arn,
        StateValue: state,
        StateReason: reason,
      })),
  }),
);

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html */
export const deleteAlarms = action(
  v.strictObject({ AlarmNames: v.array(AlarmName) }),
  ({ AlarmNames }, account): void => {
    for (const name of AlarmNames) {
      const alarm = account.alarms.find(name);
      if (alarm) account.alarms.remove(alarm);
    }
  },
);
