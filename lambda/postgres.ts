import { readPostgresEnvironment } from '../rules/postgres-rotation.ts';
import { alternatingUsers } from './postgres/alternating-users.ts';
import { singleUser } from './postgres/single-user.ts';
import { type Environment, rotationHandler } from './rotation/index.ts';
import { readEnvironment } from './rotation/read-environment.ts';

/** PostgreSQL, Aurora included: one user whose password changes, or two that take turns. */
function postgresStrategy(environment: Environment) {
  const options = readEnvironment(readPostgresEnvironment, environment);
  return options.strategy === 'single-user' ? singleUser(options) : alternatingUsers(options);
}

export const handler = rotationHandler(postgresStrategy);
