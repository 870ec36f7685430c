import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';

/** Whether a version has a label, asked of DescribeSecret's answer: the only condition that is known here. */
export const HAS_LABEL = /^\{% '(\w+)' in \$states\.input\.VersionIdsToStages\.\* %\}$/;
/** The input of the execution as a text: the only expression that is known in arguments. */
export const EXECUTION_INPUT = '{% $string($states.context.Execution.Input) %}';

const Name = v.string();
const ErrorEquals = v.array(v.string());
const Task = v.strictObject({
  Type: v.literal('Task'),
  Resource: v.pipe(
    v.string(),
    v.regex(/^arn:[^:]+:states:::(aws-sdk:secretsmanager:describeSecret|aws-sdk:ecs:updateService|sqs:sendMessage)$/),
  ),
  Arguments: v.record(v.string(), v.union([v.string(), v.boolean()])),
  // What fails here fails for good: there is nothing to try again.
  Retry: v.optional(
    v.array(
      v.strictObject({ ErrorEquals, IntervalSeconds: v.number(), MaxAttempts: v.number(), BackoffRate: v.number() }),
    ),
  ),
  Catch: v.optional(
    v.strictTuple([v.strictObject({ ErrorEquals: v.strictTuple([v.literal('States.ALL')]), Next: Name })]),
  ),
  Next: v.optional(Name),
  End: v.optional(v.literal(true)),
});
const Choice = v.strictObject({
  Type: v.literal('Choice'),
  Choices: v.array(v.strictObject({ Condition: v.pipe(v.string(), v.regex(HAS_LABEL)), Next: Name })),
  Default: Name,
});
const Succeed = v.strictObject({ Type: v.literal('Succeed') });
const Fail = v.strictObject({ Type: v.literal('Fail'), Error: v.string(), Cause: v.string() });
const Definition = v.strictObject({
  Comment: v.optional(v.string()),
  QueryLanguage: v.literal('JSONata'),
  StartAt: Name,
  States: v.record(Name, v.variant('Type', [Task, Choice, Succeed, Fail])),
});

export type Definition = v.InferOutput<typeof Definition>;
export type TaskState = v.InferOutput<typeof Task>;

/**
 * Reads a definition in the Amazon States Language, as far as it is known here.
 *
 * @throws InvalidDefinition what is not known, by its name.
 * @see https://states-language.net
 */
export function readDefinition(text: string): Definition {
  const { success, output, issues } = v.safeParse(v.pipe(v.string(), v.parseJson(), Definition), text);
  if (success) {
    const { StartAt, States } = output;
    const missing = [StartAt, ...Object.values(States).flatMap(nextOf)].find((name) => !Object.hasOwn(States, name));
    if (missing === undefined) return output;
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: there is no state ${missing}.`);
  }
  const place = v.getDotPath(issues[0]) ?? 'The definition';
  throw new AwsError('InvalidDefinition', `${place} is not supported by the local Step Functions.`);
}

function nextOf(state: Definition['States'][string]): string[] {
  if (state.Type === 'Choice') return [state.Default, ...state.Choices.map(({ Next }) => Next)];
  if (state.Type !== 'Task') return [];
  return [state.Next, state.Catch?.[0].Next].filter((name) => name !== undefined);
}
