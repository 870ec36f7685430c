import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { usableKey } from './existing-key.ts';
import { AliasName, KeyId } from './fields.ts';

/**
 * Gives a key a name.
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
