import * as v from 'valibot';
import { createLogGroup, existingLogGroup } from '../../logs/log-groups.ts';
import { putRetentionPolicy } from '../../logs/retention-policies.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group */
export const cloudwatchLogGroup = resourceType(
  {
    name: v.string(),
    retention_in_days: v.optional(v.number()),
    kms_key_id: v.optional(v.string()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name, retention_in_days, kms_key_id, tags }, { account }) => {
    createLogGroup({ logGroupName: name, kmsKeyId: kms_key_id, tags }, account);
    // As in Terraform, 0 means forever.
    if (retention_in_days) putRetentionPolicy({ logGroupName: name, retentionInDays: retention_in_days }, account);
    return { id: name, arn: existingLogGroup(name, account).arn };
  },
);
