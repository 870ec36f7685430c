import * as v from 'valibot';
import { createSchedule } from '../../scheduler/schedules.ts';
import { block, resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/scheduler_schedule */
export const schedulerSchedule = resourceType(
  {
    name: v.optional(v.string()),
    description: v.optional(v.string()),
    schedule_expression: v.string(),
    kms_key_arn: v.optional(v.string()),
    flexible_time_window: block({ mode: v.literal('OFF') }),
    target: block({
      arn: v.string(),
      role_arn: v.string(),
      input: v.string(),
      retry_policy: v.optional(
        block({ maximum_event_age_in_seconds: v.optional(v.number()), maximum_retry_attempts: v.optional(v.number()) }),
      ),
    }),
  },
  ({ name = uniqueId(), schedule_expression, kms_key_arn, target: [target] }, { account }) => {
    const [retry] = target.retry_policy ?? [];
    const { ScheduleArn } = createSchedule(
      {
        Name: name,
        ScheduleExpression: schedule_expression,
        KmsKeyArn: kms_key_arn,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: target.arn,
          RoleArn: target.role_arn,
          Input: target.input,
          RetryPolicy: {
            MaximumEventAgeInSeconds: retry?.maximum_event_age_in_seconds,
            MaximumRetryAttempts: retry?.maximum_retry_attempts,
          },
        },
      },
      account,
    );
    return { id: `default/${name}`, name, arn: ScheduleArn };
  },
);
