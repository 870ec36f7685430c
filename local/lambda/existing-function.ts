import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { LambdaFunction } from './lambda-function.ts';

/**
 * The function of that name or ARN.
 *
 * @throws ResourceNotFoundException there is none.
 */
export function existingFunction(nameOrArn: string, account: Account): LambdaFunction {
  const found = account.functions.find(nameOrArn);
  if (found) return found;
  const arn = nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:lambda:${account.region}:${account.id}:function:${nameOrArn}`;
  throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}
