import { randomBytes } from 'node:crypto';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { assumedRole } from '../iam/assume-role.ts';
import { refusalOf } from '../refusal-of.ts';
import { judgeCall } from '../secrets-manager/judge-call.ts';
import { rotateSecret } from '../secrets-manager/rotate-secret.ts';
import { textFields } from '../text-fields.ts';
import type { Schedule } from './schedule.ts';

/** The targets that are known here, each with its action. In AWS, nearly every API action can be a target. */
const TARGETS = new Map([['arn:aws:scheduler:::aws-sdk:secretsmanager:rotateSecret', 'RotateSecret']]);
const FIRST_RETRY_SECONDS = 60;

/**
 * The action behind a target's ARN.
 * @throws ValidationException the target is not known here.
 */
export function targetAction(arn: string): string {
  const action = TARGETS.get(arn.replace(/^arn:aws-[^:]+:/, 'arn:aws:'));
  if (action !== undefined) return action;
  throw new AwsError(
    'ValidationException',
    `Target ARN ${arn} is not supported by the local EventBridge Scheduler. It knows ${[...TARGETS.keys()].join(', ')}.`,
  );
}

/**
 * Calls the target as the schedule's role. If the call is refused, it is repeated after one minute, then two, four …, with the
 * same execution id, until the retry policy ends it.
 */
export function invokeTarget(schedule: Schedule, account: Account): void {
  const { RetryPolicy, ...target } = schedule.settings.Target;
  const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = RetryPolicy;
  const executionId = randomBytes(8).toString('hex');
  const startedMs = account.clock.now().getTime();
  const input: unknown = JSON.parse(target.Input.replaceAll('<aws.scheduler.execution-id>', executionId));

  const attempt = (retries: number, waitSeconds: number): void => {
    if (call(target, input, account)) return;
    const next = new Date(account.clock.now().getTime() + waitSeconds * 1_000);
    if (retries === 0 || next.getTime() - startedMs > MaximumEventAgeInSeconds * 1_000) return;
    account.clock.at(next, () => {
      if (account.schedules.find(schedule.name) === schedule) attempt(retries - 1, waitSeconds * 2);
    });
  };
  attempt(MaximumRetryAttempts, FIRST_RETRY_SECONDS);
}

/** @returns whether it took effect. If not, the account's `call` event says why. */
function call({ Arn, RoleArn }: { Arn: string; RoleArn: string }, input: unknown, account: Account): boolean {
  const action = targetAction(Arn);
  const caller = assumedRole(RoleArn, 'scheduler', account);
  const { id: accountId, region } = account;
  const secretId = textFields(input).SecretId;
  const event = { service: 'secretsmanager', action, caller, accountId, region, secretId } as const;
  try {
    const requester = { caller, roleArn: RoleArn };
    judgeCall(requester, { action, input }, account);
    // The action checks its input itself.
    rotateSecret(input as never, account, requester);
    account.events.emit('call', event);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    account.events.emit('call', { ...event, ...refusalOf(error) });
    return false;
  }
}
