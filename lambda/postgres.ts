import { readPostgresEnvironment } from '../rules/postgres-rotation.ts';
import { alternatingUsers } from './postgres/alternating-users.ts';
import { singleUser } from './postgres/single-user.ts';
import { type Environment, RotationError, rotationHandler } from './rotation/index.ts';

/** PostgreSQL, Aurora included: one user whose password changes, or two that take turns. */
function postgresStrategy(environment: Environment) {
  const options = readOptions(environment);
  return options.strategy === 'single-user' ? singleUser(options) : alternatingUsers(options);
}

function readOptions(environment: Environment) {
  try {
    return readPostgresEnvironment(environment);
  } catch (error) {
    if (error instanceof RangeError) throw new RotationError('CONFIGURATION', error.message);
    throw error;
  }
}

export const handler = rotationHandler(postgresStrategy);
