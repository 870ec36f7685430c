import { checkOptions } from './checks/check-options.ts';
import { ConstructError } from './construct-error.ts';
import { isReference } from './terraform/references.ts';

/** An ECS service. */
export interface EcsServiceOptions {
  /** The name of the cluster that the service runs in. */
  readonly clusterName: string;
  readonly serviceName: string;
}

/** A topic of SNS. */
export interface TopicOptions {
  /** A standard topic, whose policy must let `events.amazonaws.com` publish. */
  readonly topicArn: string;
}

/** A queue of SQS. */
export interface QueueOptions {
  /** A standard queue, whose policy must let `events.amazonaws.com` send. */
  readonly queueArn: string;
}

/** An event bus of EventBridge. */
export interface EventBusOptions {
  /** It may be in another region or account. */
  readonly eventBusArn: string;
}

/** Where an HTTP request goes. */
export interface WebhookOptions {
  /**
   * The EventBridge connection that holds the request's credential, made elsewhere: a connection that Terraform makes would
   * have its key in the state.
   */
  readonly connectionArn: string;
  /** `https://…`, without a credential. */
  readonly url: string;
}

/** What follows a rotation, with its options. */
export type Follower =
  | ({ readonly kind: 'ecsService' } & EcsServiceOptions)
  | { readonly kind: 'sns' | 'sqs' | 'eventBus'; readonly arn: string }
  | ({ readonly kind: 'webhook' } & WebhookOptions);

/**
 * What happens each time a secret has rotated: for the option `onRotated`. Nothing happens for the first version, or if a rotation
 * fails. No message holds a value.
 * @example
 * onRotated: [OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web' })]
 */
export class OnRotated {
  private constructor(
    /** @internal */
    readonly follower: Follower,
  ) {}

  /**
   * Restarts the tasks of an ECS service of the same account and region, by a new deployment.
   * @throws ConstructError OPTIONS
   */
  static ecsService(options: EcsServiceOptions): OnRotated {
    checkOptions('OnRotated.ecsService', options, { clusterName: 'required', serviceName: 'required' });
    for (const [option, name] of Object.entries(options)) {
      if (isReference(name) || /^[\w-]{1,255}$/.test(name)) continue;
      throw refused(`${option} is "${name}". Expected only the name: letters, digits, hyphens and underscores`);
    }
    return new OnRotated({ kind: 'ecsService', ...options });
  }

  /**
   * Publishes a message to an SNS topic.
   * @throws ConstructError OPTIONS
   */
  static sns(options: TopicOptions): OnRotated {
    checkOptions('OnRotated.sns', options, { topicArn: 'required' });
    const arn = checkedArn('topicArn', options.topicArn, 'arn:aws:sns:REGION:ACCOUNT:NAME');
    return new OnRotated({ kind: 'sns', arn });
  }

  /**
   * Sends a message to an SQS queue.
   * @throws ConstructError OPTIONS
   */
  static sqs(options: QueueOptions): OnRotated {
    checkOptions('OnRotated.sqs', options, { queueArn: 'required' });
    const arn = checkedArn('queueArn', options.queueArn, 'arn:aws:sqs:REGION:ACCOUNT:NAME');
    return new OnRotated({ kind: 'sqs', arn });
  }

  /**
   * Sends the event to another event bus.
   * @throws ConstructError OPTIONS
   */
  static eventBus(options: EventBusOptions): OnRotated {
    checkOptions('OnRotated.eventBus', options, { eventBusArn: 'required' });
    const arn = checkedArn('eventBusArn', options.eventBusArn, 'arn:aws:events:REGION:ACCOUNT:event-bus/NAME');
    return new OnRotated({ kind: 'eventBus', arn });
  }

  /**
   * Sends the event with an HTTP POST.
   * @throws ConstructError OPTIONS
   */
  static webhook(options: WebhookOptions): OnRotated {
    checkOptions('OnRotated.webhook', options, { connectionArn: 'required', url: 'required' });
    const { connectionArn, url } = options;
    checkedArn('connectionArn', connectionArn, 'arn:aws:events:REGION:ACCOUNT:connection/NAME/ID');
    if (!isReference(url) && !/^https:\/\/[^\s/@]+(\/\S*)?$/.test(url)) {
      throw refused('url is not as expected. Expected https:// and a host, without user and password');
    }
    return new OnRotated({ kind: 'webhook', ...options });
  }
}

/** @param expected such as `arn:aws:sns:REGION:ACCOUNT:NAME` */
function checkedArn(option: string, arn: string, expected: string): string {
  if (isReference(arn)) return arn;
  const pattern = expected
    .replace('arn:aws:', 'arn:aws[\\w-]*:')
    .replace('REGION', '[\\w-]+')
    .replace('ACCOUNT', '\\d{12}')
    .replace('NAME', '[\\w./-]+')
    .replace('ID', '[\\w-]+');
  if (typeof arn !== 'string' || !new RegExp(`^${pattern}$`).test(arn)) {
    throw refused(`${option} is "${arn}". Expected an ARN such as ${expected}`);
  }
  if (arn.endsWith('.fifo'))
    throw refused(`${option} is a FIFO topic or queue. Use a standard one: EventBridge sends no message group`);
  return arn;
}

const refused = (problem: string) => new ConstructError('OPTIONS', `${problem}.`);
