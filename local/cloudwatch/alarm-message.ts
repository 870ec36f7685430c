import type { Account } from '../account.ts';
import type { Alarm, AlarmState } from './alarm.ts';

/** What CloudWatch sends to a topic, with the fields of its own message that are known here. */
export function alarmMessage(
  alarm: Alarm,
  previous: AlarmState,
  account: Account,
): { subject: string; message: string } {
  const { AlarmName, AlarmDescription, Namespace, MetricName, Dimensions, Statistic, Period, Threshold } =
    alarm.settings;
  const message = {
    AlarmName,
    AlarmDescription,
    AWSAccountId: account.id,
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: account.clock.now().toISOString(),
    Region: account.region,
    AlarmArn: alarm.arn,
    OldStateValue: previous,
    Trigger: { Namespace, MetricName, Dimensions, Statistic, Period, Threshold },
  };
  return { subject: `${alarm.state}: "${AlarmName}" in ${account.region}`, message: JSON.stringify(message) };
}
