import { judgeNamedCall } from '../permissions/judge-named-call.ts';
import { queueArn } from './queue-url.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const judgeCall = judgeNamedCall('sqs', {
  resourceOf: ({ QueueUrl, QueueName }, account) => {
    if (QueueUrl !== undefined) return queueArn(QueueUrl, account) ?? '*';
    return `arn:${account.partition}:sqs:${account.region}:${account.id}:${QueueName}`;
  },
});
