import type { Action } from '../action.ts';
import { createLogGroup } from './create-log-group.ts';
import { deleteLogGroup } from './delete-log-group.ts';
import { deleteRetentionPolicy } from './delete-retention-policy.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { putRetentionPolicy } from './put-retention-policy.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';

/** Every action of the API that answers here, by AWS's name for it. */
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
