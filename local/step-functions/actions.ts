import type { Action } from '../action.ts';
import {
  createStateMachine,
  deleteStateMachine,
  describeStateMachine,
  listStateMachineVersions,
  listTagsForResource,
  tagResource,
  untagResource,
  updateStateMachine,
  validateStateMachineDefinition,
} from './machines.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateStateMachine', createStateMachine],
  ['DeleteStateMachine', deleteStateMachine],
  ['DescribeStateMachine', describeStateMachine],
  ['ListStateMachineVersions', listStateMachineVersions],
  ['ListTagsForResource', listTagsForResource],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateStateMachine', updateStateMachine],
  ['ValidateStateMachineDefinition', validateStateMachineDefinition],
]);
