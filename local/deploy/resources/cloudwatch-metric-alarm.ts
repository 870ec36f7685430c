import * as v from 'valibot';
import { putMetricAlarm } from '../../cloudwatch/alarms.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm */
export const cloudwatchMetricAlarm = resourceType(
  {
    alarm_name: v.string(),
    alarm_description: v.optional(v.string()),
    namespace: v.string(),
    metric_name: v.string(),
    dimensions: v.optional(v.record(v.string(), v.string()), {}),
    statistic: v.picklist(['Sum', 'Maximum']),
    period: v.number(),
    evaluation_periods: v.number(),
    threshold: v.number(),
    comparison_operator: v.picklist(['GreaterThanThreshold', 'GreaterThanOrEqualToThreshold']),
    treat_missing_data: v.optional(v.picklist(['breaching', 'notBreaching', 'missing'])),
    alarm_actions: v.optional(v.array(v.string()), []),
    ok_actions: v.optional(v.array(v.string()), []),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  (values, { account }) => {
    putMetricAlarm(
      {
        AlarmName: values.alarm_name,
        AlarmDescription: values.alarm_description,
        Namespace: values.namespace,
        MetricName: values.metric_name,
        Dimensions: Object.entries(values.dimensions).map(([Name, Value]) => ({ Name, Value })),
        Statistic: values.statistic,
        Period: values.period,
        EvaluationPeriods: values.evaluation_periods,
        Threshold: values.threshold,
        ComparisonOperator: values.comparison_operator,
        TreatMissingData: values.treat_missing_data,
        AlarmActions: values.alarm_actions,
        OKActions: values.ok_actions,
      },
      account,
    );
    return { id: values.alarm_name, arn: account.alarms.find(values.alarm_name)?.arn };
  },
);
