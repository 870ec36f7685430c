import * as v from 'valibot';
import { action } from './action.ts';
import { usableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * Removes the tags with these keys from a secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UntagResource.html
 */
export const untagResource = action(
  v.strictObject({ SecretId, TagKeys: v.array(v.string()) }),
  ({ SecretId, TagKeys }, account): void => {
    const { tags } = usableSecret(SecretId, account);
    for (const key of TagKeys) tags?.delete(key);
  },
);
