import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { TagList, tagMap } from '../tag-list.ts';
import { action } from './action.ts';
import type { Subscription, Topic } from './topic-store.ts';

const TopicArn = v.pipe(v.string(), v.regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]{1,256}$/));

const SAMPLE_RATES = ['Application', 'Firehose', 'HTTP', 'Lambda', 'SQS'].map(
  (each) => `${each}SuccessFeedbackSampleRate`,
);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const createTopic = action(
  v.strictObject({ Name: v.pipe(v.string(), v.regex(/^[\w-]{1,256}$/)), Tags: v.optional(TagList, []) }),
  ({ Name: name, Tags }, account) => {
    const arn = `arn:${account.partition}:sns:${account.region}:${account.id}:${name}`;
    if (!account.topics.find(arn)) account.topics.add({ name, arn, subscriptions: [], tags: tagMap(Tags) });
    return { TopicArn: arn };
  },
);

/**
 * Sets a topic's policy: the only attribute that is known here. Terraform also asks that no deliveries be sampled, as is so.
 *
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
export const setTopicAttributes = action(
  v.variant('AttributeName', [
    v.strictObject({ TopicArn, AttributeName: v.literal('Policy'), AttributeValue: v.string() }),
    v.strictObject({ TopicArn, AttributeName: v.picklist(SAMPLE_RATES), AttributeValue: v.literal('0') }),
  ]),
  ({ TopicArn, AttributeName, AttributeValue }, account): void => {
    const topic = existingTopic(TopicArn, account);
    if (AttributeName === 'Policy') topic.policy = AttributeValue;
  },
);

/**
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
 */
export const getTopicAttributes = action(v.strictObject({ TopicArn }), ({ TopicArn }, account) => {
  const { policy = defaultPolicy(TopicArn, account) } = existingTopic(TopicArn, account);
  return { Attributes: new Map(Object.entries({ TopicArn, Owner: account.id, Policy: policy })) };
});

/** What AWS gives a topic: its own account alone may publish. */
function defaultPolicy(Resource: string, { id }: Account): string {
  const Condition = { StringEquals: { 'AWS:SourceOwner': id } };
  const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'SNS:Publish', Resource, Condition };
  return JSON.stringify({ Version: '2008-10-17', Statement: [statement] });
}

/**
 * Subscribes an address. Nobody has to confirm it here.
 *
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export const subscribe = action(
  v.strictObject({
    TopicArn,
    Protocol: v.literal('email'),
    Endpoint: v.pipe(v.string(), v.email()),
    /** It is returned in any case. */
    ReturnSubscriptionArn: v.optional(v.union([v.boolean(), v.string()])),
  }),
  ({ TopicArn, Protocol: protocol, Endpoint: endpoint }, account) => {
    const arn = `${TopicArn}:${randomUUID()}`;
    existingTopic(TopicArn, account).subscriptions.push({ arn, protocol, endpoint });
    return { SubscriptionArn: arn };
  },
);

/**
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html
 */
export const getSubscriptionAttributes = action(
  v.strictObject({ SubscriptionArn: v.string() }),
  ({ SubscriptionArn }, account) => {
    const { topic, subscription } = existingSubscription(SubscriptionArn, account);
    const { protocol: Protocol, endpoint: Endpoint } = subscription;
    const attributes = { SubscriptionArn, TopicArn: topic.arn, Owner: account.id, Protocol, Endpoint };
    return { Attributes: new Map(Object.entries({ ...attributes, PendingConfirmation: 'false' })) };
  },
);

/**
 * @throws NotFound
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html
 */
export const unsubscribe = action(
  v.strictObject({ SubscriptionArn: v.string() }),
  ({ SubscriptionArn }, account): void => {
    const { topic, subscription } = existingSubscription(SubscriptionArn, account);
    topic.subscriptions.splice(topic.subscriptions.indexOf(subscription), 1);
  },
);

/** @throws NotFound */
function existingSubscription(arn: string, account: Account): { topic: Topic; subscription: Subscription } {
  for (const topic of account.topics.all()) {
    const subscription = topic.subscriptions.find((each) => each.arn === arn);
    if (subscription) return { topic, subscription };
  }
  throw new AwsError('NotFound', 'Subscription does not exist', 404);
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html */
export const deleteTopic = action(v.strictObject({ TopicArn }), ({ TopicArn }, account): void => {
  const topic = account.topics.find(TopicArn);
  if (topic) account.topics.remove(topic);
});

/** @throws NotFound */
export function existingTopic(arn: string, account: Account): Topic {
  const topic = account.topics.find(arn);
  if (topic) return topic;
  throw new AwsError('NotFound', 'Topic does not exist', 404);
}
