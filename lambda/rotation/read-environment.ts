import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describeIssues } from '../../rules/describe-issues.ts';
import { RotationError } from './rotation-error.ts';
import type { Environment } from './rotation-handler.ts';

/**
 * The options that a strategy has in the function's environment variables.
 * @param reader a Standard Schema, such as `stringFields('API_URL')`; or a function that throws a RangeError whose message
 *   says what was found and what was expected
 * @throws CONFIGURATION. With a schema, it names each variable that is not as expected, never its value. With a function,
 *   it is the RangeError's message.
 * @example rotationHandler((environment) => apiKeyStrategy(readEnvironment(stringFields('API_URL'), environment)));
 */
export function readEnvironment<Options>(
  reader: StandardSchemaV1<unknown, Options> | ((environment: Environment) => Options),
  environment: Environment,
): Options {
  if (isSchema(reader)) return validated(reader, environment);
  try {
    return reader(environment);
  } catch (error) {
    if (error instanceof RangeError) throw new RotationError('CONFIGURATION', error.message);
    throw error;
  }
}

/** Some libraries make schemas that are functions. */
function isSchema<Options>(reader: object): reader is StandardSchemaV1<unknown, Options> {
  return '~standard' in reader;
}

function validated<Options>(schema: StandardSchemaV1<unknown, Options>, environment: Environment): Options {
  const result = schema['~standard'].validate(environment);
  if (result instanceof Promise)
    throw new TypeError('The schema of the environment is asynchronous. Use a synchronous one.');
  if (result.issues === undefined) return result.value;
  const problems = describeIssues(result.issues, environment);
  throw new RotationError('CONFIGURATION', `The function's environment is not as expected: ${problems}.`);
}
