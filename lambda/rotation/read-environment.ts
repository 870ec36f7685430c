import { RotationError } from './rotation-error.ts';
import type { Environment } from './rotation-handler.ts';

/**
 * The options that `read` makes of the function's environment.
 * @throws CONFIGURATION in the words of its RangeError
 */
export function readEnvironment<Options>(
  read: (environment: Environment) => Options,
  environment: Environment,
): Options {
  try {
    return read(environment);
  } catch (error) {
    if (error instanceof RangeError) throw new RotationError('CONFIGURATION', error.message);
    throw error;
  }
}
