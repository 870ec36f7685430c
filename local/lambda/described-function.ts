import type { FunctionConfiguration } from './lambda-function.ts';

/** A function's configuration as the API shows it: always ready, since nothing is prepared here. */
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
