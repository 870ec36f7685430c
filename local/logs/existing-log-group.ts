import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { LogGroup } from './log-group-store.ts';

/**
 * The log group of that name or ARN.
 *
 * @throws ResourceNotFoundException there is none.
 */
export function existingLogGroup(nameOrArn: string, account: Account): LogGroup {
  const group = account.logGroups.find(nameOrArn);
  if (group) return group;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}
