import * as v from 'valibot';
import { createQueue, setQueueAttributes } from '../../sqs/queues.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue */
export const sqsQueue = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    message_retention_seconds: v.optional(v.number()),
    sqs_managed_sse_enabled: v.optional(v.boolean()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name_prefix, name = uniqueId(name_prefix) }, { account }) => {
    const { QueueUrl } = createQueue({ QueueName: name }, account);
    const arn = `arn:${account.partition}:sqs:${account.region}:${account.id}:${name}`;
    return { id: QueueUrl, url: QueueUrl, name, arn };
  },
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue_policy */
export const sqsQueuePolicy = resourceType(
  { queue_url: v.string(), policy: v.string() },
  ({ queue_url, policy }, { account }) => {
    setQueueAttributes({ QueueUrl: queue_url, Attributes: { Policy: policy } }, account);
    return { id: queue_url };
  },
);
