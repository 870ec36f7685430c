import type { StandardSchemaV1 } from '@standard-schema/spec';
import { checkSchema } from './check-schema.ts';
import type { Environment } from './rotation-handler.ts';

/**
 * The function's environment variables as a schema gives them, for a strategy that has options.
 * @throws CONFIGURATION naming each variable that is not as expected, never its value
 * @example rotationHandler(async (environment) => apiKeyStrategy(await checkEnvironment(schema, environment)));
 */
export function checkEnvironment<Value>(
  schema: StandardSchemaV1<unknown, Value>,
  environment: Environment,
): Promise<Value> {
  return checkSchema(schema, environment, "The function's environment", 'CONFIGURATION');
}
