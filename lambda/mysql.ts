import { readMysqlEnvironment } from '../rules/mysql-rotation.ts';
import { ofUrl } from './databases/url-secret.ts';
import { alternatingUsers } from './mysql/alternating-users.ts';
import { MYSQL } from './mysql/mysql-engine.ts';
import { oneUser } from './mysql/one-user.ts';
import { type Environment, rotationHandler } from './rotation/index.ts';
import { readEnvironment } from './rotation/read-environment.ts';

/** MySQL, MariaDB and Aurora MySQL: one user, with one password or with two, or two users that take turns. */
function mysqlStrategy(environment: Environment) {
  const options = readEnvironment(readMysqlEnvironment, environment);
  const strategy = options.strategy === 'alternating-users' ? alternatingUsers(options) : oneUser(options);
  return options.format === 'text' ? ofUrl(strategy, MYSQL) : strategy;
}

export const handler = rotationHandler(mysqlStrategy);
