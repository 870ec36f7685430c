import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { TagKey, TagValue } from '../tag.ts';
import { action } from './action.ts';
import type { Queue } from './queue-store.ts';
import { queueArn } from './queue-url.ts';

const QueueUrl = v.string();
const Tags = v.record(TagKey, TagValue);
/** As AWS sets them. They change nothing here: how large messages are, how long they are kept and hidden, and who encrypts them. */
const SETTINGS = {
  DelaySeconds: '0',
  MaximumMessageSize: '262144',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};
const Attributes = v.strictObject({
  Policy: v.optional(v.string()),
  ...v.partial(v.object(v.entriesFromList(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[], v.string()))).entries,
});

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const createQueue = action(
  v.strictObject({
    QueueName: v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/)),
    Attributes: v.optional(Attributes, {}),
    tags: v.optional(Tags, {}),
  }),
  ({ QueueName: name, Attributes: { Policy, ...settings }, tags }, account) => {
    const arn = `arn:${account.partition}:sqs:${account.region}:${account.id}:${name}`;
    if (!account.queues.find(arn)) {
      account.queues.add({
        ...{ name, arn, messages: [], ...(Policy !== undefined && { policy: Policy }) },
        settings: new Map(Object.entries({ ...SETTINGS, ...settings })),
        tags: new Map(Object.entries(tags)),
      });
    }
    return { QueueUrl: `https://sqs.${account.region}.amazonaws.com/${account.id}/${name}` };
  },
);

/**
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const setQueueAttributes = action(v.strictObject({ QueueUrl, Attributes }), (input, account): void => {
  const { Policy, ...settings } = input.Attributes;
  const queue = existingQueue(input.QueueUrl, account);
  for (const [name, value] of Object.entries(settings)) queue.settings.set(name, value);
  // An empty one takes it away.
  if (Policy === '') delete queue.policy;
  else if (Policy !== undefined) queue.policy = Policy;
});

/**
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export const getQueueAttributes = action(
  v.strictObject({ QueueUrl, AttributeNames: v.optional(v.array(v.string()), []) }),
  ({ QueueUrl, AttributeNames: names }, account) => {
    const { arn, policy, settings, messages } = existingQueue(QueueUrl, account);
    const all = {
      ...Object.fromEntries(settings),
      QueueArn: arn,
      ApproximateNumberOfMessages: String(messages.length),
      ...(policy !== undefined && { Policy: policy }),
    };
    const asked = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
    return { Attributes: Object.fromEntries(asked) };
  },
);

/**
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html
 */
export const listQueueTags = action(v.strictObject({ QueueUrl }), ({ QueueUrl }, account) => ({
  Tags: Object.fromEntries(existingQueue(QueueUrl, account).tags),
}));

/**
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html
 */
export const tagQueue = action(v.strictObject({ QueueUrl, Tags }), ({ QueueUrl, Tags }, account): void => {
  const { tags } = existingQueue(QueueUrl, account);
  for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
});

/**
 * @throws QueueDoesNotExist
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html
 */
export const untagQueue = action(
  v.strictObject({ QueueUrl, TagKeys: v.array(v.string()) }),
  ({ QueueUrl, TagKeys }, account): void => {
    const { tags } = existingQueue(QueueUrl, account);
    for (const key of TagKeys) tags.delete(key);
  },
);

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
