import { readMysqlEnvironment } from '../rules/mysql-rotation.ts';
import { ofUrl } from './databases/url-secret.ts';
import { MYSQL } from './mysql/mysql-engine.ts';
import { oneUser } from './mysql/one-user.ts';
import { type Environment, rotationHandler } from './rotation/index.ts';
import { readEnvironment } from './rotation/read-environment.ts';

/** MySQL, MariaDB and Aurora MySQL: one user, with one password or with two. */
function mysqlStrategy(environment: Environment) {
  const options = readEnvironment(readMysqlEnvironment, environment);
  const strategy = oneUser(options);
  return options.format === 'text' ? ofUrl(strategy, MYSQL) : strategy;
}

export const handler = rotationHandler(mysqlStrategy);
