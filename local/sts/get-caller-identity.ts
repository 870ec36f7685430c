import * as v from 'valibot';
import { actionOf } from '../action.ts';

const action = actionOf({ name: 'STS', invalidInput: 'ValidationError' });

/**
 * Who calls, and in which account.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const getCallerIdentity = action(v.strictObject({}), (_input, account, caller) => ({
  Arn: caller.arn,
  UserId: account.id,
  Account: account.id,
}));
