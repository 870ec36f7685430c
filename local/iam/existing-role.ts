import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Role } from './role-store.ts';

/**
 * The role of that name.
 *
 * @throws NoSuchEntity there is none.
 */
export function existingRole(roleName: string, account: Account): Role {
  const role = account.roles.find(roleName);
  if (role) return role;
  throw new AwsError('NoSuchEntity', `The role with name ${roleName} cannot be found.`, 404);
}
