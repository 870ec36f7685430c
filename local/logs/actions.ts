import type { Action } from '../action.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { createLogGroup, deleteLogGroup, describeLogGroups } from './log-groups.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './retention-policies.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateLogGroup', createLogGroup],
  ['DeleteLogGroup', deleteLogGroup],
  ['DeleteRetentionPolicy', deleteRetentionPolicy],
  ['DescribeLogGroups', describeLogGroups],
  ['FilterLogEvents', filterLogEvents],
  ['ListTagsForResource', listTagsForResource],
  ['PutRetentionPolicy', putRetentionPolicy],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
]);
