import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import type { Queue } from './queue-store.ts';
import { queueArn } from './queue-url.ts';

const QueueUrl = v.string();
/** The attributes that change nothing here are accepted: how long messages are kept, and who encrypts them. */
const Attributes = v.strictObject({
  Policy: v.optional(v.string()),
  MessageRetentionPeriod: v.optional(v.string()),
  SqsManagedSseEnabled: v.optional(v.string()),
});

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const createQueue = action(
  v.strictObject({ QueueName: v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/)), Attributes: v.optional(Attributes, {}) }),
  ({ QueueName: name, Attributes: { Policy } }, account) => {
    const arn = `arn:${account.partition}:sqs:${account.region}:${account.id}:${name}`;
    if (!account.queues.find(arn)) {
      account.queues.add({ name, arn, messages: [], ...(Policy !== undefined && { policy: Policy }) });
    }
    return { QueueUrl: `https://sqs.${account.region}.amazonaws.com/${account.id}/${name}` };
  },
);

/**
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const setQueueAttributes = action(v.strictObject({ QueueUrl, Attributes }), (input, account): void => {
  const { Policy } = input.Attributes;
  if (Policy !== undefined) existingQueue(input.QueueUrl, account).policy = Policy;
});

/**
 * The oldest messages. A message stays until it is deleted, and is received again until then: there is no visibility timeout here.
 *
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export const receiveMessage = action(
  v.strictObject({
    QueueUrl,
    MaxNumberOfMessages: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(10)), 1),
    WaitTimeSeconds: v.optional(v.literal(0)),
  }),
  ({ QueueUrl, MaxNumberOfMessages }, account) => ({
    Messages: existingQueue(QueueUrl, account)
      .messages.slice(0, MaxNumberOfMessages)
      .map(({ id, body }) => ({
        MessageId: id,
        ReceiptHandle: id,
        // The AWS SDK compares it.
        MD5OfBody: createHash('md5').update(body).digest('hex'),
        Body: body,
      })),
  }),
);

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
export const deleteMessage = action(
  v.strictObject({ QueueUrl, ReceiptHandle: v.string() }),
  ({ QueueUrl, ReceiptHandle }, account): void => {
    const { messages } = existingQueue(QueueUrl, account);
    const index = messages.findIndex(({ id }) => id === ReceiptHandle);
    if (index !== -1) messages.splice(index, 1);
  },
);

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html */
export const deleteQueue = action(v.strictObject({ QueueUrl }), ({ QueueUrl }, account): void =>
  account.queues.remove(existingQueue(QueueUrl, account)),
);

/** @throws QueueDoesNotExist */
function existingQueue(url: string, account: Account): Queue {
  const queue = account.queues.find(queueArn(url, account) ?? '');
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}
