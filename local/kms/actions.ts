import type { Action } from '../action.ts';
import { createAlias, deleteAlias, listAliases } from './aliases.ts';
import { getKeyPolicy, putKeyPolicy } from './key-policies.ts';
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus } from './key-rotations.ts';
import { createKey, describeKey, scheduleKeyDeletion, updateKeyDescription } from './keys.ts';
import { listResourceTags, tagResource, untagResource } from './tags.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateAlias', createAlias],
  ['CreateKey', createKey],
  ['DeleteAlias', deleteAlias],
  ['DescribeKey', describeKey],
  ['DisableKeyRotation', disableKeyRotation],
  ['EnableKeyRotation', enableKeyRotation],
  ['GetKeyPolicy', getKeyPolicy],
  ['GetKeyRotationStatus', getKeyRotationStatus],
  ['ListAliases', listAliases],
  ['ListResourceTags', listResourceTags],
  ['PutKeyPolicy', putKeyPolicy],
  ['ScheduleKeyDeletion', scheduleKeyDeletion],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateKeyDescription', updateKeyDescription],
]);
