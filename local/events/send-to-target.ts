import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { assumedRole, mayAssume } from '../iam/assume-role.ts';
import { authorize } from '../permissions/authorize.ts';
import { startExecution } from '../step-functions/run-machine.ts';
import { inputText } from './input-text.ts';
import type { EventRule, EventTarget } from './rule-store.ts';

/** What a target is, by the service and the resource in its ARN. */
export type TargetKind = 'topic' | 'queue' | 'state machine' | 'event bus' | 'API destination';

const KINDS: readonly (readonly [TargetKind, RegExp])[] = [
  ['topic', /^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+$/],
  ['queue', /^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]+$/],
  ['state machine', /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[\w-]+$/],
  ['event bus', /^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/[\w./-]+$/],
  ['API destination', /^arn:[^:]+:events:[^:]+:\d{12}:api-destination\/[\w.-]+\/[\w-]+$/],
];

/** The action that a rule's role calls. Topics and queues have a policy of their own instead. */
const ROLE_ACTIONS: Readonly<Partial<Record<TargetKind, string>>> = {
  'state machine': 'states:StartExecution',
  'event bus': 'events:PutEvents',
  'API destination': 'events:InvokeApiDestination',
};

/** What a target is. Undefined if the local EventBridge does not know it. */
export function targetKind(arn: string): TargetKind | undefined {
  return KINDS.find(([, pattern]) => pattern.test(arn))?.[0];
}

export const needsRole = (kind: TargetKind) => ROLE_ACTIONS[kind] !== undefined;

/** Sends an event to one target of a rule. What the target does not take goes to the dead-letter queue, if there is one. */
export function sendToTarget(event: object, target: EventTarget, rule: EventRule, account: Account): void {
  const { Arn, InputTransformer, DeadLetterConfig } = target;
  const message = InputTransformer ? inputText(event, InputTransformer) : JSON.stringify(event);
  try {
    send(message, target, rule, account);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (DeadLetterConfig === undefined) return;
    const attributes = { ERROR_CODE: error.code, RULE_ARN: rule.arn, TARGET_ARN: Arn };
    account.queues.send(
      DeadLetterConfig.Arn,
      { message: JSON.stringify(event), attributes, ruleArn: rule.arn },
      account,
    );
  }
}

function send(message: string, target: EventTarget, rule: EventRule, account: Account): void {
  const { Arn } = target;
  const kind = targetKind(Arn);
  if (kind === 'topic') {
    if (!account.topics.publish(Arn, { message, service: 'events' }, account)) throw notPermitted(Arn);
    return;
  }
  if (kind === 'queue') {
    if (!account.queues.send(Arn, { message, ruleArn: rule.arn }, account)) throw notPermitted(Arn);
    return;
  }
  if (kind !== undefined) callAsRole(kind, target, account);
  if (kind === 'state machine') startExecution(Arn, message, account);
  else account.events.emit('message', { targetArn: Arn, message });
}

/** @throws AccessDeniedException the rule's role may not do it, or is not one that EventBridge may assume. */
function callAsRole(kind: TargetKind, { Arn, RoleArn = '' }: EventTarget, account: Account): void {
  const context = { 'aws:SourceAccount': account.id };
  if (!mayAssume(account, { roleArn: RoleArn, principal: { service: 'events.amazonaws.com' }, context })) {
    throw notPermitted(Arn);
  }
  const requester = { caller: assumedRole(RoleArn, 'events', account), roleArn: RoleArn };
  authorize(requester, { action: ROLE_ACTIONS[kind] ?? '', resource: Arn }, account);
}

/** As the dead-letter queue calls it. */
const notPermitted = (arn: string) => new AwsError('NO_PERMISSIONS', `EventBridge may not send to ${arn}.`);
