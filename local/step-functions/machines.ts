import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { mayAssume } from '../iam/assume-role.ts';
import { TagKey, TagValue } from '../tag.ts';
import { action } from './action.ts';
import { readDefinition } from './definition.ts';
import type { Machine } from './machine-store.ts';

const stateMachineArn = v.string();
const Tags = v.array(v.strictObject({ key: TagKey, value: TagValue }));
/** What Terraform sends besides: no log, no trace, no version, and AWS's own key. */
const AS_BY_DEFAULT = {
  loggingConfiguration: v.optional(
    v.strictObject({ level: v.literal('OFF'), includeExecutionData: v.optional(v.literal(false)) }),
  ),
  tracingConfiguration: v.optional(v.strictObject({ enabled: v.literal(false) })),
  encryptionConfiguration: v.optional(v.strictObject({ type: v.literal('AWS_OWNED_KEY') })),
  publish: v.optional(v.literal(false)),
} as const;

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
    tags: v.optional(Tags, []),
    ...AS_BY_DEFAULT,
  }),
  ({ name, definition: text, roleArn, tags }, account) => {
    const arn = `arn:${account.partition}:states:${account.region}:${account.id}:stateMachine:${name}`;
    if (account.machines.find(arn)) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const definition = readDefinition(text);
    checkRole(roleArn, arn, account);
    const createdDate = account.clock.now();
    const kept = new Map(tags.map(({ key, value }) => [key, value]));
    account.machines.add({ name, arn, roleArn, text, definition, createdDate, tags: kept });
    return { stateMachineArn: arn, creationDate: createdDate };
  },
);

/**
 * Changes what a machine does, or its role.
 *
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
 */
export const updateStateMachine = action(
  v.strictObject({
    stateMachineArn,
    definition: v.optional(v.string()),
    roleArn: v.optional(v.string()),
    ...AS_BY_DEFAULT,
  }),
  (input, account) => {
    const machine = existingMachine(input.stateMachineArn, account);
    const { definition: text = machine.text, roleArn = machine.roleArn } = input;
    checkRole(roleArn, machine.arn, account);
    account.machines.add({ ...machine, text, roleArn, definition: readDefinition(text) });
    return { updateDate: account.clock.now() };
  },
);

/**
 * Says whether a definition is one that works here.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
 */
export const validateStateMachineDefinition = action(
  v.strictObject({
    definition: v.string(),
    type: v.optional(v.literal('STANDARD')),
    severity: v.optional(v.string()),
    maxResults: v.optional(v.number()),
  }),
  ({ definition }) => {
    readDefinition(definition);
    return { result: 'OK', diagnostics: [], truncated: false };
  },
);

/**
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachineVersions.html
 */
export const listStateMachineVersions = action(
  v.strictObject({ stateMachineArn, maxResults: v.optional(v.number()) }),
  (input, account) => {
    existingMachine(input.stateMachineArn, account);
    return { stateMachineVersions: [] };
  },
);

/**
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListTagsForResource.html
 */
export const listTagsForResource = action(v.strictObject({ resourceArn: v.string() }), ({ resourceArn }, account) => ({
  tags: [...existingMachine(resourceArn, account).tags].map(([key, value]) => ({ key, value })),
}));

/**
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html
 */
export const tagResource = action(
  v.strictObject({ resourceArn: v.string(), tags: Tags }),
  ({ resourceArn, tags }, account): object => {
    const machine = existingMachine(resourceArn, account);
    for (const { key, value } of tags) machine.tags.set(key, value);
    return {};
  },
);

/**
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_UntagResource.html
 */
export const untagResource = action(
  v.strictObject({ resourceArn: v.string(), tagKeys: v.array(v.string()) }),
  ({ resourceArn, tagKeys }, account): object => {
    const machine = existingMachine(resourceArn, account);
    for (const key of tagKeys) machine.tags.delete(key);
    return {};
  },
);

/**
 * @throws StateMachineDoesNotExist
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
 */
export const describeStateMachine = action(v.strictObject({ stateMachineArn }), (input, account) => {
  const { arn, name, roleArn, text, createdDate } = existingMachine(input.stateMachineArn, account);
  return {
    ...{ stateMachineArn: arn, name, roleArn, definition: text, status: 'ACTIVE', type: 'STANDARD' },
    creationDate: createdDate,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  };
});

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html */
export const deleteStateMachine = action(v.strictObject({ stateMachineArn }), (input, account): object => {
  account.machines.remove(input.stateMachineArn);
  return {};
});

/** @throws AccessDeniedException the role does not let Step Functions assume it. */
function checkRole(roleArn: string, arn: string, account: Account): void {
  const context = { 'aws:SourceAccount': account.id, 'aws:SourceArn': arn };
  if (mayAssume(account, { roleArn, principal: { service: 'states.amazonaws.com' }, context })) return;
  throw new AwsError(
    'AccessDeniedException',
    'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
  );
}

/** @throws StateMachineDoesNotExist */
export function existingMachine(arn: string, account: Account): Machine {
  const machine = account.machines.find(arn);
  if (machine) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}
