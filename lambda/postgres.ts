import { readPostgresEnvironment } from '../rules/postgres-rotation.ts';
import { ofUrl } from './databases/url-secret.ts';
import { alternatingUsers } from './postgres/alternating-users.ts';
import { POSTGRES } from './postgres/postgres-engine.ts';
import { singleUser } from './postgres/single-user.ts';
import { type Environment, rotationHandler } from './rotation/index.ts';
import { readEnvironment } from './rotation/read-environment.ts';

/** PostgreSQL, Aurora included: one user whose password changes, or two that take turns. */
function postgresStrategy(environment: Environment) {
  const options = readEnvironment(readPostgresEnvironment, environment);
  const strategy = options.strategy === 'single-user' ? singleUser(options) : alternatingUsers(options);
  return options.format === 'text' ? ofUrl(strategy, POSTGRES) : strategy;
}

export const handler = rotationHandler(postgresStrategy);
