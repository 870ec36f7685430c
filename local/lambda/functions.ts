import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { FunctionName, Qualifier } from './fields.ts';
import type { FunctionConfiguration, LambdaFunction } from './lambda-function.ts';

/**
 * Describes a function. Its archive cannot be downloaded here.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export const getFunction = action(v.strictObject({ FunctionName, Qualifier }), ({ FunctionName }, account) => {
  const { configuration, tags, reservedConcurrency } = existingFunction(FunctionName, account);
  return {
    Configuration: describedFunction(configuration),
    Code: { RepositoryType: 'S3' },
    ...(tags.size > 0 && { Tags: Object.fromEntries(tags) }),
    ...(reservedConcurrency !== undefined && { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  };
});

/**
 * A function's configuration.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export const getFunctionConfiguration = action(
  v.strictObject({ FunctionName, Qualifier }),
  ({ FunctionName }, account) => describedFunction(existingFunction(FunctionName, account).configuration),
);

/**
 * A function's versions: only `$LATEST`, because none is published here.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
 */
export const listVersionsByFunction = action(
  v.strictObject({ FunctionName, MaxItems: v.optional(v.string()) }),
  ({ FunctionName }, account) => {
    const { configuration } = existingFunction(FunctionName, account);
    const FunctionArn = `${configuration.FunctionArn}:$LATEST`;
    return { Versions: [{ ...describedFunction(configuration), FunctionArn }] };
  },
);

/**
 * Deletes a function with its resource policy, and ends its processes.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
 */
export const deleteFunction = action(v.strictObject({ FunctionName }), ({ FunctionName }, account): void => {
  account.functions.remove(existingFunction(FunctionName, account));
});

/** A function's configuration as the API shows it: always active, because nothing takes time here. */
export function describedFunction({ Environment, ...configuration }: FunctionConfiguration) {
  return {
    ...configuration,
    // As in AWS, a function without variables has no environment.
    ...(Object.keys(Environment.Variables).length > 0 && { Environment }),
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  };
}

/**
 * The function with that name or ARN.
 *
 * @throws ResourceNotFoundException there is none.
 */
export function existingFunction(nameOrArn: string, account: Account): LambdaFunction {
  const found = account.functions.find(nameOrArn);
  if (found) return found;
  const arn = nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:${account.partition}:lambda:${account.region}:${account.id}:function:${nameOrArn}`;
  throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}
