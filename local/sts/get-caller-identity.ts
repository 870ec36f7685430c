import * as v from 'valibot';
import { action } from './action.ts';

/**
 * Who calls, and in which account.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const getCallerIdentity = action(v.strictObject({}), (_input, account, { caller }) => {
  const [, role, session] = /:assumed-role\/(.+)\/(.+)$/.exec(caller.arn) ?? [];
  const roleId = role && account.roles.find(role)?.RoleId;
  return { Arn: caller.arn, UserId: roleId ? `${roleId}:${session}` : account.id, Account: account.id };
});
