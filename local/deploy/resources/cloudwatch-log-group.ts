import * as v from 'valibot';
import { resourceType } from '../resource-type.ts';

/**
 * Nothing is stored: a function's lines are the account's `functionLog` events.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group
 */
export const cloudwatchLogGroup = resourceType(
  {
    name: v.string(),
    retention_in_days: v.optional(v.number()),
    kms_key_id: v.optional(v.string()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name }, { account }) => ({ id: name, arn: `arn:aws:logs:${account.region}:${account.id}:log-group:${name}` }),
);
