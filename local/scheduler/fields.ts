import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { mayAssume } from '../iam/assume-role.ts';
import { targetAction } from './invoke-target.ts';

export const Name = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/));
export const GroupName = v.optional(v.literal('default'), 'default');
/** Accepted, but a repeated call is not recognized here. */
export const ClientToken = v.optional(v.string());

/** The settings of a schedule. Only rates are supported, at their exact time. */
export const SETTINGS = {
  Description: v.optional(v.pipe(v.string(), v.maxLength(512))),
  ScheduleExpression: v.string(),
  ScheduleExpressionTimezone: v.optional(v.literal('UTC'), 'UTC'),
  State: v.optional(v.literal('ENABLED'), 'ENABLED'),
  ActionAfterCompletion: v.optional(v.literal('NONE'), 'NONE'),
  /** Kept and shown: nothing is encrypted here. */
  KmsKeyArn: v.optional(v.pipe(v.string(), v.regex(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:(key|alias)\/[\w/-]+$/))),
  FlexibleTimeWindow: v.strictObject({ Mode: v.literal('OFF') }),
  Target: v.strictObject({
    Arn: v.string(),
    RoleArn: v.string(),
    /** JSON. */
    Input: v.string(),
    RetryPolicy: v.optional(
      v.strictObject({
        MaximumEventAgeInSeconds: v.optional(v.pipe(v.number(), v.minValue(60), v.maxValue(86_400)), 86_400),
        MaximumRetryAttempts: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(185)), 185),
      }),
      {},
    ),
  }),
} as const;

type Settings = v.InferOutput<v.StrictObjectSchema<typeof SETTINGS, undefined>>;

export interface ScheduleSettings extends Settings {
  readonly everySeconds: number;
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/**
 * The settings, with their rate read.
 *
 * @throws ValidationException the expression is not a rate, the target is not an action that is known here, its input is not JSON,
 *   or the role does not let the scheduler assume it.
 */
export function checkedSettings(settings: Settings, account: Account): ScheduleSettings {
  const everySeconds = secondsOf(settings.ScheduleExpression);
  const { Arn, RoleArn, Input } = settings.Target;
  targetAction(Arn);
  checkInput(Input);
  const group = `arn:${account.partition}:scheduler:${account.region}:${account.id}:schedule-group/default`;
  const context = { 'aws:SourceArn': group, 'aws:SourceAccount': account.id };
  if (mayAssume(account, { roleArn: RoleArn, principal: { service: 'scheduler.amazonaws.com' }, context })) {
    return { ...settings, everySeconds };
  }
  throw new AwsError(
    'ValidationException',
    'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
  );
}

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    // The parser's own message quotes the text.
    throw new AwsError('ValidationException', "The target's Input is not JSON.");
  }
}

function secondsOf(expression: string): number {
  const [, value, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (value !== undefined) return Number(value) * (SECONDS[unit] ?? 0);
  throw new AwsError(
    'ValidationException',
    `Invalid Schedule Expression ${expression}. The local EventBridge Scheduler knows rate(N minutes|hours|days).`,
  );
}
