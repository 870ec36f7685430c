import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import { refuseSystemTags } from './refuse-tags.ts';

/**
 * Removes the tags with these keys from a secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UntagResource.html
 */
export const untagResource = action(
  v.strictObject({ SecretId, TagKeys: v.array(v.string()) }),
  ({ SecretId, TagKeys }, account): void => {
    const { tags } = writableSecret(SecretId, account);
    refuseSystemTags(TagKeys);
    for (const key of TagKeys) tags?.delete(key);
  },
);
