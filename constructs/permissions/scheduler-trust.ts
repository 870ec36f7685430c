import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { StackPlace } from '../terraform/stack-place.ts';

/**
 * Who may take the role of a schedule: EventBridge Scheduler, for this account's schedules alone.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function schedulerTrust(place: StackPlace): DataAwsIamPolicyDocumentStatement {
  return {
    actions: ['sts:AssumeRole'],
    principals: [{ type: 'Service', identifiers: ['scheduler.amazonaws.com'] }],
    condition: [
      { test: 'StringEquals', variable: 'aws:SourceAccount', values: [place.accountId] },
      { test: 'ArnEquals', variable: 'aws:SourceArn', values: [place.arn('scheduler', 'schedule-group/default')] },
    ],
  };
}
