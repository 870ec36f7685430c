import type { Action } from '../action.ts';
import { createAlias } from './create-alias.ts';
import { createKey } from './create-key.ts';
import { deleteAlias } from './delete-alias.ts';
import { describeKey } from './describe-key.ts';
import { disableKeyRotation } from './disable-key-rotation.ts';
import { enableKeyRotation } from './enable-key-rotation.ts';
import { getKeyPolicy } from './get-key-policy.ts';
import { getKeyRotationStatus } from './get-key-rotation-status.ts';
import { listAliases } from './list-aliases.ts';
import { listResourceTags } from './list-resource-tags.ts';
import { putKeyPolicy } from './put-key-policy.ts';
import { scheduleKeyDeletion } from './schedule-key-deletion.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateKeyDescription } from './update-key-description.ts';

/** Every action of the API that answers here, by AWS's name for it. */
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
