import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import type { Topic } from './topic-store.ts';

const TopicArn = v.pipe(v.string(), v.regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]{1,256}$/));

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const createTopic = action(
  v.strictObject({ Name: v.pipe(v.string(), v.regex(/^[\w-]{1,256}$/)) }),
  ({ Name: name }, account) => {
    const arn = `arn:${account.partition}:sns:${account.region}:${account.id}:${name}`;
    if (!account.topics.find(arn)) account.topics.add({ name, arn, subscriptions: [] });
    return { TopicArn: arn };
  },
);

/**
 * Sets a topic's policy: the only attribute that is known here.
 *
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
export const setTopicAttributes = action(
  v.strictObject({ TopicArn, AttributeName: v.literal('Policy'), AttributeValue: v.string() }),
  ({ TopicArn, AttributeValue }, account): void => {
    existingTopic(TopicArn, account).policy = AttributeValue;
  },
);

/**
 * Subscribes an address. Nobody has to confirm it here.
 *
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export const subscribe = action(
  v.strictObject({ TopicArn, Protocol: v.literal('email'), Endpoint: v.pipe(v.string(), v.email()) }),
  ({ TopicArn, Protocol: protocol, Endpoint: endpoint }, account) => {
    const arn = `${TopicArn}:${randomUUID()}`;
    existingTopic(TopicArn, account).subscriptions.push({ arn, protocol, endpoint });
    return { SubscriptionArn: arn };
  },
);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html */
export const deleteTopic = action(v.strictObject({ TopicArn }), ({ TopicArn }, account): void => {
  const topic = account.topics.find(TopicArn);
  if (topic) account.topics.remove(topic);
});

/** @throws NotFound */
function existingTopic(arn: string, account: Account): Topic {
  const topic = account.topics.find(arn);
  if (topic) return topic;
  throw new AwsError('NotFound', 'Topic does not exist', 404);
}
