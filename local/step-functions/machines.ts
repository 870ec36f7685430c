import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { mayAssume } from '../iam/assume-role.ts';
import { action } from './action.ts';
import { readDefinition } from './definition.ts';
import type { Machine } from './machine-store.ts';

const stateMachineArn = v.string();

/**
 * @throws InvalidDefinition what the definition has is not known here.
 * @throws StateMachineAlreadyExists
 * @throws AccessDeniedException the role does not let Step Functions assume it.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export const createStateMachine = action(
  v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/)),
    definition: v.string(),
    roleArn: v.string(),
    type: v.optional(v.literal('STANDARD')),
  }),
  ({ name, definition: text, roleArn }, account) => {
    const arn = `arn:${account.partition}:states:${account.region}:${account.id}:stateMachine:${name}`;
    if (account.machines.find(arn)) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const definition = readDefinition(text);
    const context = { 'aws:SourceAccount': account.id, 'aws:SourceArn': arn };
    if (!mayAssume(account, { roleArn, principal: { service: 'states.amazonaws.com' }, context })) {
      throw new AwsError(
        'AccessDeniedException',
        `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.`,
      );
    }
    account.machines.add({ name, arn, roleArn, text, definition });
    return { stateMachineArn: arn, creationDate: account.clock.now() };
  },
);

/**
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
 */
export const describeStateMachine = action(v.strictObject({ stateMachineArn }), (input, account) => {
  const { arn, name, roleArn, text } = existingMachine(input.stateMachineArn, account);
  return { stateMachineArn: arn, name, roleArn, definition: text, status: 'ACTIVE', type: 'STANDARD' };
});

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html */
export const deleteStateMachine = action(v.strictObject({ stateMachineArn }), (input, account): void =>
  account.machines.remove(input.stateMachineArn),
);

/** @throws StateMachineDoesNotExist */
export function existingMachine(arn: string, account: Account): Machine {
  const machine = account.machines.find(arn);
  if (machine) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}
