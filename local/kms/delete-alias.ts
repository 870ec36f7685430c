import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { AliasName } from './fields.ts';

/**
 * Takes a name from a key.
 *
 * @throws NotFoundException no such alias.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html
 */
export const deleteAlias = action(v.strictObject({ AliasName }), ({ AliasName }, account): void => {
  if (account.keys.aliases.delete(AliasName)) return;
  throw new AwsError('NotFoundException', `Alias ${AliasName} is not found.`);
});
