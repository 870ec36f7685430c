import { randomBytes } from 'node:crypto';
import type { Account } from '../account.ts';
import type { CallEvent } from '../account-events.ts';
import { AwsError } from '../aws-error.ts';
import { assumedRole } from '../iam/assume-role.ts';
import { invokeFunction } from '../lambda/invoke-function.ts';
import { authorize } from '../permissions/authorize.ts';
import { refusalOf } from '../refusal-of.ts';
import { judgeCall } from '../secrets-manager/judge-call.ts';
import { rotateSecret } from '../secrets-manager/rotate-secret.ts';
import { textFields } from '../text-fields.ts';
import type { Schedule } from './schedule.ts';

/** The targets that are known here, each with its action. In AWS, nearly every API action can be a target. */
const TARGETS = new Map([['arn:aws:scheduler:::aws-sdk:secretsmanager:rotateSecret', 'RotateSecret']]);
const FUNCTION = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+$/;
const FIRST_RETRY_SECONDS = 60;

/**
 * The action behind a target's ARN.
 * @throws ValidationException the target is not known here.
 */
export function targetAction(arn: string): string {
  if (FUNCTION.test(arn)) return 'InvokeFunction';
  const action = TARGETS.get(arn.replace(/^arn:aws-[^:]+:/, 'arn:aws:'));
  if (action !== undefined) return action;
  throw new AwsError(
    'ValidationException',
    `Target ARN ${arn} is not supported by the local EventBridge Scheduler. It knows functions, and ${[...TARGETS.keys()].join(', ')}.`,
  );
}

/**
 * Calls the target as the schedule's role. If the call is refused, it is repeated after one minute, then two, four …, with the
 * same execution id, until the retry policy ends it.
 */
export async function invokeTarget(schedule: Schedule, account: Account): Promise<void> {
  const { RetryPolicy, ...target } = schedule.settings.Target;
  const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = RetryPolicy;
  const executionId = randomBytes(8).toString('hex');
  const startedMs = account.clock.now().getTime();
  const text = target.Input.replaceAll('<aws.scheduler.execution-id>', executionId).replaceAll(
    '<aws.scheduler.scheduled-time>',
    account.clock.now().toISOString().replace(/\.\d+/, ''),
  );
  const input: unknown = JSON.parse(text);

  const attempt = async (retries: number, waitSeconds: number): Promise<void> => {
    if (await call(target, input, account)) return;
    const next = new Date(account.clock.now().getTime() + waitSeconds * 1_000);
    if (retries === 0 || next.getTime() - startedMs > MaximumEventAgeInSeconds * 1_000) return;
    account.clock.at(next, async () => {
      if (account.schedules.find(schedule.name) === schedule) await attempt(retries - 1, waitSeconds * 2);
    });
  };
  await attempt(MaximumRetryAttempts, FIRST_RETRY_SECONDS);
}

/** @returns whether it took effect. If not, the account's `call` event says why. */
async function call(
  { Arn, RoleArn }: { Arn: string; RoleArn: string },
  input: unknown,
  account: Account,
): Promise<boolean> {
  const action = targetAction(Arn);
  const caller = assumedRole(RoleArn, 'scheduler', account);
  const { id: accountId, region } = account;
  if (action === 'InvokeFunction') {
    const invoked = { service: 'lambda', action, caller, accountId, region } as const;
    return attempted(invoked, account, () => {
      authorize({ caller, roleArn: RoleArn }, { action: 'lambda:InvokeFunction', resource: Arn }, account);
      return invokeFunction(account, { functionArn: Arn, payload: input });
    });
  }
  const secretId = textFields(input).SecretId;
  const event = { service: 'secretsmanager', action, caller, accountId, region, secretId } as const;
  return attempted(event, account, () => {
    const requester = { caller, roleArn: RoleArn };
    judgeCall(requester, { action, input }, account);
    // The action checks its input itself.
    return rotateSecret(input as never, account, requester);
  });
}

/** Makes the call, and tells how it went. @returns whether it took effect */
async function attempted(event: CallEvent, account: Account, run: () => unknown): Promise<boolean> {
  try {
    await run();
    account.events.emit('call', event);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    account.events.emit('call', { ...event, ...refusalOf(error) });
    return false;
  }
}
