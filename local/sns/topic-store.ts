import type { Account } from '../account.ts';
import { evaluatePolicies } from '../permissions/evaluate-policy.ts';

export interface Topic {
  readonly name: string;
  readonly arn: string;
  /** JSON. Absent while it has AWS's own, which lets the account and its alarms publish, and no other service. */
  policy?: string;
  readonly subscriptions: Subscription[];
  readonly tags: Map<string, string>;
}

export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

export interface Message {
  readonly subject?: string;
  readonly message: string;
  /** The service that publishes, such as `events`. */
  readonly service: 'cloudwatch' | 'events';
}

/** The topics of one account, by ARN. */
export class TopicStore {
  readonly #topics = new Map<string, Topic>();

  add(topic: Topic): void {
    this.#topics.set(topic.arn, topic);
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  find(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  remove(topic: Topic): void {
    this.#topics.delete(topic.arn);
  }

  clear(): void {
    this.#topics.clear();
  }

  /**
   * As in AWS, nobody is told if the topic's policy does not let the service publish. A topic made elsewhere takes all.
   * @returns whether the topic took it
   */
  publish(topicArn: string, { service, subject, message }: Message, account: Account): boolean {
    const topic = this.find(topicArn);
    if (topic && !mayPublish(topic, service, account)) return false;
    const recipients = topic?.subscriptions.map(({ endpoint }) => endpoint) ?? [];
    account.events.emit('notification', { topicArn, ...(subject !== undefined && { subject }), message, recipients });
    return true;
  }
}

function mayPublish({ arn, name, policy }: Topic, service: Message['service'], account: Account): boolean {
  if (policy === undefined) return service === 'cloudwatch';
  const request = {
    action: 'sns:Publish',
    resource: arn,
    principal: { service: `${service}.amazonaws.com` },
    context: { 'aws:SourceAccount': account.id },
  };
  return evaluatePolicies([{ name: `of the topic ${name}`, document: policy }], request) === 'allowed';
}
