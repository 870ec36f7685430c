import type { Action } from '../action.ts';
import { AwsError } from '../aws-error.ts';
import { tagActions } from '../tag-list.ts';
import { action } from './action.ts';
import {
  createApiDestination,
  deleteApiDestination,
  describeApiDestination,
  updateApiDestination,
} from './api-destinations.ts';
import { deleteRule, describeRule, listTargetsByRule, putRule, putTargets, removeTargets } from './rules.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateApiDestination', createApiDestination],
  ['DeleteApiDestination', deleteApiDestination],
  ['DeleteRule', deleteRule],
  ['DescribeApiDestination', describeApiDestination],
  ['DescribeRule', describeRule],
  ['ListTargetsByRule', listTargetsByRule],
  ['PutRule', putRule],
  ['PutTargets', putTargets],
  ['RemoveTargets', removeTargets],
  ...tagActions(action, 'ResourceARN', (arn, { eventRules }) => {
    const rule = eventRules.all().find((each) => each.arn === arn);
    if (rule) return rule.tags;
    throw new AwsError('ResourceNotFoundException', `Rule ${arn} does not exist on EventBus default.`);
  }),
  ['UpdateApiDestination', updateApiDestination],
]);
