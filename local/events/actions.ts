import type { Action } from '../action.ts';
import { deleteRule, describeRule, listTargetsByRule, putRule, putTargets, removeTargets } from './rules.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['DeleteRule', deleteRule],
  ['DescribeRule', describeRule],
  ['ListTargetsByRule', listTargetsByRule],
  ['PutRule', putRule],
  ['PutTargets', putTargets],
  ['RemoveTargets', removeTargets],
]);
