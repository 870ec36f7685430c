import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { existingKey, keyArn, usableKey } from './existing-key.ts';
import { AliasName, KeyId, PAGE } from './fields.ts';

/**
 * Gives a key an alias.
 *
 * @throws NotFoundException no such key.
 * @throws AlreadyExistsException the name is taken.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
 */
export const createAlias = action(
  v.strictObject({ AliasName, TargetKeyId: KeyId }),
  ({ AliasName, TargetKeyId }, account): void => {
    const { KeyId } = usableKey(TargetKeyId, account);
    if (account.keys.aliases.has(AliasName)) {
      throw new AwsError('AlreadyExistsException', `An alias with the name ${AliasName} already exists`);
    }
    account.keys.aliases.set(AliasName, KeyId);
  },
);

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

/**
 * Deletes an alias. The key stays.
 *
 * @throws NotFoundException no such alias.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html
 */
export const deleteAlias = action(v.strictObject({ AliasName }), ({ AliasName }, account): void => {
  if (account.keys.aliases.delete(AliasName)) return;
  throw new AwsError('NotFoundException', `Alias ${AliasName} is not found.`);
});
