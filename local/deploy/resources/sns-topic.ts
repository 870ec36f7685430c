import * as v from 'valibot';
import { createTopic, setTopicAttributes, subscribe } from '../../sns/topics.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic */
export const snsTopic = resourceType(
  {
    name: v.string(),
    kms_master_key_id: v.optional(v.string()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name }, { account }) => {
    const { TopicArn } = createTopic({ Name: name }, account);
    return { id: TopicArn, arn: TopicArn };
  },
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic_policy */
export const snsTopicPolicy = resourceType({ arn: v.string(), policy: v.string() }, ({ arn, policy }, { account }) => {
  setTopicAttributes({ TopicArn: arn, AttributeName: 'Policy', AttributeValue: policy }, account);
  return { id: arn };
});

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic_subscription */
export const snsTopicSubscription = resourceType(
  { topic_arn: v.string(), protocol: v.literal('email'), endpoint: v.string() },
  ({ topic_arn, protocol, endpoint }, { account }) => {
    const { SubscriptionArn } = subscribe({ TopicArn: topic_arn, Protocol: protocol, Endpoint: endpoint }, account);
    return { id: SubscriptionArn, arn: SubscriptionArn };
  },
);
