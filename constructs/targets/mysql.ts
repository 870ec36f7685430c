import { Token } from 'cdktf';
import { adminsOf } from '../../rules/databases/login-options.ts';
import {
  checkMysqlOptions,
  checkSharedMysqlOptions,
  type MysqlOptions,
  mysqlEnvironment,
} from '../../rules/mysql-rotation.ts';
import { checkPasswordOptions } from '../../rules/password/password-options.ts';
import { checkOptions, known, knownShape } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { Network } from '../network/network.ts';
import { jsonTemplate } from '../secret/json-template.ts';
import { withTexts } from '../terraform/references.ts';
import { checkAdministrator, readAdministrators } from './administrators.ts';
import { passwordOptionTable } from './password-option-table.ts';
import { knownPasswordOptions, passwordReferences } from './password-references.ts';
import type { RotationNeeds } from './rotation-needs.ts';

/** What `Rotation.mysql` takes. */
export interface MysqlRotationOptions extends MysqlOptions {
  /**
   * Where in a VPC the function reaches the database.
   * @default none: the database has a public address
   */
  readonly network?: Network;
}

/**
 * What the rotation of a MySQL or MariaDB user's password needs.
 * @throws OPTIONS, PASSWORD_OPTIONS
 */
export function mysqlNeeds(options: MysqlRotationOptions): RotationNeeds {
  checkOptions('Rotation.mysql', options, {
    strategy: known('required', 'it decides which other options are needed'),
    admin: knownShape('optional', 'it decides what the role may read'),
    users: knownShape('optional', 'each name is checked'),
    userHost: 'optional',
    urlFields: known('optional', 'it decides what the secret holds'),
    format: known('optional', 'it decides what the secret holds'),
    tls: 'optional',
    allowPlaintext: known('optional', 'it decides how a password may be sent'),
    network: knownShape('optional', 'it decides which ports the function may reach'),
    ...passwordOptionTable,
  });
  const { network, ...given } = options;
  const mysql = withTexts(given);
  checkOptions('tls', mysql.tls ?? {}, { ca: 'optional', servername: 'optional' });
  const admins = adminsOf(mysql);
  for (const admin of admins) checkAdministrator(admin, 'Rotation.mysql');
  const reason = checkMysqlOptions(withoutTokens(mysql));
  if (reason !== undefined) throw refused(reason);
  const password = knownPasswordOptions(mysql);
  const problem = checkPasswordOptions(password);
  if (problem !== undefined) throw new ConstructError('PASSWORD_OPTIONS', problem);
  const format = mysql.format ?? 'json';
  return {
    code: builtInCode('mysql'),
    environment: {
      ...mysqlEnvironment(password, jsonTemplate),
      ...passwordReferences(mysql),
    },
    statements: readAdministrators(admins),
    format,
    generatedFields: format === 'text' ? [] : ['password'],
    readsEarlierVersions: admins.length === 0,
    network: network && { targetPorts: [3306], ...network },
    singleUser: mysql.strategy === 'single-user',
    otherSecretArns: admins.map(({ secretArn }) => secretArn),
    sharedEnvironment(secretNamePrefix: string): Record<string, string> {
      const why = checkSharedMysqlOptions(withoutTokens(mysql));
      if (why !== undefined) throw refused(why);
      return admins.length === 0 ? {} : { SECRET_NAME_PREFIX: secretNamePrefix };
    },
  };
}

function refused(reason: string): ConstructError {
  return new ConstructError('OPTIONS', `Rotation.mysql: ${reason}`);
}

/** What only Terraform knows, such as a certificate in a file, is checked when the function runs. */
function withoutTokens({ tls, users = [], userHost, ...others }: MysqlOptions): MysqlOptions {
  return {
    ...others,
    users: [users]
      .flat()
      .map((user, index) => (Token.isUnresolved(user) ? `user ${index + 1}, known to Terraform` : user)),
    ...(userHost !== undefined && !Token.isUnresolved(userHost) && { userHost }),
    ...(tls && !Token.isUnresolved(tls.ca) && { tls }),
  };
}
