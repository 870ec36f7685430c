import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';
import { StackPlace } from '../terraform/stack-place.ts';

/** A topic that CloudWatch and EventBridge may publish to, and one address that gets what they say. */
export class AlarmTopic extends Construct {
  readonly topic: SnsTopic;
  readonly policy: SnsTopicPolicy;
  readonly subscription: SnsTopicSubscription;

  constructor(
    scope: Construct,
    id: string,
    { name, email, tags }: { name: string; email: string; tags?: Readonly<Record<string, string>> | undefined },
  ) {
    super(scope, id);
    this.topic = new SnsTopic(this, 'topic', { name, tags });
    const condition = [
      { test: 'StringEquals', variable: 'aws:SourceAccount', values: [StackPlace.of(this).accountId] },
    ];
    const publish = (sid: string, service: string) => ({
      sid,
      actions: ['sns:Publish'],
      principals: [{ type: 'Service', identifiers: [service] }],
      resources: [this.topic.arn],
      condition,
    });
    this.policy = new SnsTopicPolicy(this, 'policy', {
      arn: this.topic.arn,
      policy: new DataAwsIamPolicyDocument(this, 'publishers', {
        statement: [
          publish('LetAlarmsPublish', 'cloudwatch.amazonaws.com'),
          publish('LetRulesPublish', 'events.amazonaws.com'),
        ],
      }).json,
    });
    this.subscription = new SnsTopicSubscription(this, 'subscription', {
      topicArn: this.topic.arn,
      protocol: 'email',
      endpoint: email,
    });
  }
}
