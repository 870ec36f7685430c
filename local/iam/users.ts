import * as v from 'valibot';
import { action } from './action.ts';

/**
 * The caller. There are no users here, so it is always the account's root.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
 */
export const getUser = action(v.strictObject({}), (_input, account, { caller }) => ({
  User: { Arn: caller.arn, UserId: account.id, CreateDate: new Date(0) },
}));
