import type { Account } from '../account.ts';
import type { CallEvent } from '../account-events.ts';
import { AwsError } from '../aws-error.ts';
import { updateService } from '../ecs/update-service.ts';
import { assumedRole } from '../iam/assume-role.ts';
import { authorize } from '../permissions/authorize.ts';
import type { Requester } from '../permissions/role-session.ts';
import { refusalOf } from '../refusal-of.ts';
import { describeSecret } from '../secrets-manager/describe-secret.ts';
import { judgeCall } from '../secrets-manager/judge-call.ts';
import { queueArn } from '../sqs/queue-url.ts';
import { EXECUTION_INPUT, HAS_LABEL, type TaskState } from './definition.ts';
import { existingMachine } from './machines.ts';

/**
 * Runs a machine to its end, at once, as its role.
 *
 * @param input JSON
 * @throws StateMachineDoesNotExist
 */
export function startExecution(arn: string, input: string, account: Account): void {
  const { roleArn, definition } = existingMachine(arn, account);
  const requester = { caller: assumedRole(roleArn, 'states', account), roleArn };
  let name: string | undefined = definition.StartAt;
  let previous: unknown;
  while (name !== undefined) {
    const state: (typeof definition.States)[string] | undefined = definition.States[name];
    if (state?.Type === 'Choice') {
      name = state.Choices.find(({ Condition }) => isTrue(Condition, previous))?.Next ?? state.Default;
    } else if (state?.Type === 'Task') {
      try {
        previous = runTask(state, input, requester, account);
        name = state.Next;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        name = state.Catch?.[0].Next;
      }
    } else return;
  }
}

function isTrue(condition: string, input: unknown): boolean {
  const [, label = ''] = HAS_LABEL.exec(condition) ?? [];
  const stages: Record<string, string[]> = Object(input).VersionIdsToStages ?? {};
  return Object.values(stages).flat().includes(label);
}

function runTask(
  { Resource, Arguments }: TaskState,
  executionInput: string,
  requester: Requester,
  account: Account,
): unknown {
  const input = Object.fromEntries(
    Object.entries(Arguments).map(([name, value]) => [name, value === EXECUTION_INPUT ? executionInput : value]),
  );
  if (Resource.endsWith(':describeSecret')) {
    return told({ service: 'secretsmanager', action: 'DescribeSecret', secretId: String(input.SecretId) }, () => {
      judgeCall(requester, { action: 'DescribeSecret', input }, account);
      return describeSecret(input as never, account, requester);
    });
  }
  if (Resource.endsWith(':updateService')) {
    return told({ service: 'ecs', action: 'UpdateService' }, () => updateService(input as never, account, requester));
  }
  return told({ service: 'sqs', action: 'SendMessage' }, () => {
    const arn = queueArn(String(input.QueueUrl), account) ?? '';
    authorize(requester, { action: 'sqs:SendMessage', resource: arn }, account);
    account.queues.send(arn, { message: String(input.MessageBody) }, account);
  });

  function told<Output>(call: Pick<CallEvent, 'service' | 'action' | 'secretId'>, run: () => Output): Output {
    const event = { ...call, caller: requester.caller, accountId: account.id, region: account.region };
    try {
      const output = run();
      account.events.emit('call', event);
      return output;
    } catch (error) {
      account.events.emit('call', { ...event, ...refusalOf(error) });
      throw error;
    }
  }
}
