import { AwsError } from '../aws-error.ts';

/** @param policy its name or ARN */
export function noSuchPolicy(policy: string): AwsError {
  return new AwsError('NoSuchEntity', `The role policy with name ${policy} cannot be found.`, 404);
}
