import * as v from 'valibot';
import { action } from './action.ts';

/**
 * Who calls, where it is the account's root: there are no users here.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
 */
export const getUser = action(v.strictObject({}), (_input, account, caller) => ({
  User: { Arn: caller.arn, UserId: account.id, CreateDate: new Date(0) },
}));
