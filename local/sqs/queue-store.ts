import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { evaluatePolicies } from '../permissions/evaluate-policy.ts';

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** Why it could not be delivered, in a dead-letter queue. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  /** JSON. Absent while it has none: then its own account alone may send. */
  policy?: string;
  /** What changes nothing here, as it was given. */
  readonly settings: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly messages: QueuedMessage[];
}

interface Sent {
  readonly message: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** The rule of EventBridge that sends it. @default a role of the account, which was judged before */
  readonly ruleArn?: string;
}

/** The queues of one account, by ARN. */
export class QueueStore {
  readonly #queues = new Map<string, Queue>();

  add(queue: Queue): void {
    this.#queues.set(queue.arn, queue);
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  find(arn: string): Queue | undefined {
    return this.#queues.get(arn);
  }

  remove(queue: Queue): void {
    this.#queues.delete(queue.arn);
  }

  clear(): void {
    this.#queues.clear();
  }

  /**
   * A queue made elsewhere takes all.
   * @returns whether the queue's policy lets the rule send
   */
  send(arn: string, { message, attributes = {}, ruleArn }: Sent, account: Account): boolean {
    const queue = this.find(arn);
    if (queue && ruleArn !== undefined && !maySend(queue, ruleArn, account)) return false;
    queue?.messages.push({ id: randomUUID(), body: message, attributes });
    account.events.emit('message', { targetArn: arn, message });
    return true;
  }
}

function maySend({ arn, name, policy }: Queue, ruleArn: string, account: Account): boolean {
  if (policy === undefined) return false;
  const request = {
    action: 'sqs:SendMessage',
    resource: arn,
    principal: { service: 'events.amazonaws.com' },
    context: { 'aws:SourceAccount': account.id, 'aws:SourceArn': ruleArn },
  };
  return evaluatePolicies([{ name: `of the queue ${name}`, document: policy }], request) === 'allowed';
}
