import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey } from './existing-key.ts';
import { KeyId, PAGE } from './fields.ts';
import { keyArn } from './key-arn.ts';

/**
 * The aliases of the account, or of one key.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
 */
export const listAliases = action(v.strictObject({ KeyId: v.optional(KeyId), ...PAGE }), ({ KeyId }, account) => {
  const key = KeyId === undefined ? undefined : existingKey(KeyId, account);
  const listed = [...account.keys.aliases].filter(([, target]) => key === undefined || target === key.KeyId);
  return {
    Aliases: listed.map(([AliasName, TargetKeyId]) => ({
      AliasName,
      AliasArn: keyArn(AliasName, account),
      TargetKeyId,
    })),
    Truncated: false,
  };
});
