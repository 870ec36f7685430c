import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { TagList, tagMap } from '../tag-list.ts';
import { action } from './action.ts';
import { eventPattern } from './event-pattern.ts';
import type { EventRule, EventTarget } from './rule-store.ts';
import { needsRole, targetKind } from './send-to-target.ts';

const Name = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/));
const EventBusName = v.optional(v.literal('default'));
const Force = v.optional(v.boolean());

/**
 * Makes a rule of the default bus, or changes it. Its targets stay.
 *
 * @throws InvalidEventPatternException the pattern is not known here.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export const putRule = action(
  v.strictObject({
    Name,
    EventBusName,
    EventPattern: v.string(),
    Description: v.optional(v.string()),
    State: v.optional(v.literal('ENABLED')),
    Tags: v.optional(TagList, []),
  }),
  ({ Name: name, EventPattern: pattern, Description: description, Tags }, account) => {
    const arn = `arn:${account.partition}:events:${account.region}:${account.id}:rule/${name}`;
    const { targets = new Map(), tags = tagMap(Tags) } = account.eventRules.find(name) ?? {};
    account.eventRules.add({ name, arn, pattern, description, matches: eventPattern(pattern), targets, tags });
    return { RuleArn: arn };
  },
);

/**
 * Gives a rule targets: topics, queues, state machines, event buses and API destinations.
 *
 * @throws ResourceNotFoundException
 * @throws ValidationException the target is not known here, or has a role and needs none, or the other way round.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export const putTargets = action(
  v.strictObject({
    Rule: Name,
    EventBusName,
    Targets: v.pipe(
      v.array(
        v.strictObject({
          Id: Name,
          Arn: v.string(),
          RoleArn: v.optional(v.string()),
          DeadLetterConfig: v.optional(v.strictObject({ Arn: v.pipe(v.string(), v.regex(/^arn:[^:]+:sqs:/)) })),
          InputTransformer: v.optional(
            v.strictObject({
              InputPathsMap: v.optional(v.record(v.string(), v.string()), {}),
              InputTemplate: v.pipe(v.string(), v.minLength(1), v.maxLength(8192)),
            }),
          ),
        }),
      ),
      v.maxLength(5),
    ),
  }),
  ({ Rule, Targets }, account) => {
    const rule = existingRule(Rule, account);
    for (const target of Targets) checkTarget(target);
    for (const target of Targets) rule.targets.set(target.Id, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
);

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html
 */
export const describeRule = action(v.strictObject({ Name, EventBusName }), ({ Name }, account) => {
  const { arn, pattern, description } = existingRule(Name, account);
  return {
    Name,
    Arn: arn,
    EventPattern: pattern,
    State: 'ENABLED',
    EventBusName: 'default',
    ...(description !== undefined && { Description: description }),
  };
});

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html
 */
export const listTargetsByRule = action(
  v.strictObject({ Rule: Name, EventBusName, Limit: v.optional(v.number()) }),
  ({ Rule }, account) => ({ Targets: [...existingRule(Rule, account).targets.values()] }),
);

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html */
export const removeTargets = action(
  v.strictObject({ Rule: Name, EventBusName, Ids: v.array(Name), Force }),
  ({ Rule, Ids }, account) => {
    const rule = existingRule(Rule, account);
    for (const id of Ids) rule.targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
);

/**
 * @throws ValidationException the rule has targets.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
 */
export const deleteRule = action(v.strictObject({ Name, EventBusName, Force }), ({ Name }, account): void => {
  const rule = account.eventRules.find(Name);
  if (!rule) return;
  if (rule.targets.size > 0) throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
  account.eventRules.remove(rule);
});

function checkTarget({ Id, Arn, RoleArn }: EventTarget): void {
  const kind = targetKind(Arn);
  if (kind === undefined) {
    throw new AwsError(
      'ValidationException',
      `Target ARN ${Arn} is not supported by the local EventBridge. It knows topics, queues, state machines, event buses and API destinations.`,
    );
  }
  if (needsRole(kind) && RoleArn === undefined) {
    throw new AwsError('ValidationException', `RoleArn is required for target ${Id}.`);
  }
  // AWS takes it, and may then not deliver.
  if (!needsRole(kind) && RoleArn !== undefined) {
    throw new AwsError(
      'ValidationException',
      `Target ${Id} is a ${kind}, which has a policy of its own. Give no RoleArn.`,
    );
  }
}

/** @throws ResourceNotFoundException */
function existingRule(name: string, account: Account): EventRule {
  const rule = account.eventRules.find(name);
  if (rule) return rule;
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
}
