import { Token } from 'cdktf';
import { adminsOf } from '../../rules/databases/login-options.ts';
import { checkPasswordOptions } from '../../rules/password/password-options.ts';
import {
  checkPostgresOptions,
  checkSharedPostgresOptions,
  type PostgresOptions,
  postgresEnvironment,
} from '../../rules/postgres-rotation.ts';
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

/** What `Rotation.postgres` takes. */
export interface PostgresRotationOptions extends PostgresOptions {
  /**
   * Where in a VPC the function reaches the database.
   * @default none: the database has a public address
   */
  readonly network?: Network;
}

/**
 * What the rotation of a PostgreSQL user's password needs.
 * @throws OPTIONS, PASSWORD_OPTIONS
 */
export function postgresNeeds(options: PostgresRotationOptions): RotationNeeds {
  checkOptions('Rotation.postgres', options, {
    strategy: known('required', 'it decides which other options are needed'),
    admin: knownShape('optional', 'it decides what the role may read'),
    users: knownShape('optional', 'each name is checked'),
    dbname: 'optional',
    ownerRole: 'optional',
    urlFields: known('optional', 'it decides what the secret holds'),
    format: known('optional', 'it decides what the secret holds'),
    tls: 'optional',
    allowMd5: known('optional', 'it decides how a password may be sent'),
    allowPlaintext: known('optional', 'it decides how a password may be sent'),
    network: knownShape('optional', 'it decides which ports the function may reach'),
    ...passwordOptionTable,
  });
  const { network, ...given } = options;
  const postgres = withTexts(given);
  const { strategy, tls = {} } = postgres;
  checkOptions('tls', tls, { ca: 'optional', servername: 'optional' });
  const admins = adminsOf(postgres);
  for (const admin of admins) checkAdministrator(admin, 'Rotation.postgres');
  const reason = checkPostgresOptions(withoutTokens(postgres));
  if (reason !== undefined) throw refused(reason);
  const password = knownPasswordOptions(postgres);
  const problem = checkPasswordOptions(password);
  if (problem !== undefined) throw new ConstructError('PASSWORD_OPTIONS', problem);
  return {
    code: builtInCode('postgres'),
    environment: {
      ...postgresEnvironment(password, jsonTemplate),
      ...passwordReferences(postgres),
    },
    statements: readAdministrators(admins),
    format: postgres.format ?? 'json',
    generatedFields: postgres.format === 'text' ? [] : ['password'],
    readsEarlierVersions: admins.length === 0,
    network: network && { targetPorts: [5432], ...network },
    singleUser: strategy === 'single-user',
    otherSecretArns: admins.map(({ secretArn }) => secretArn),
    sharedEnvironment(secretNamePrefix: string): Record<string, string> {
      const problem = checkSharedPostgresOptions(withoutTokens(postgres));
      if (problem !== undefined) throw refused(problem);
      return admins.length === 0 ? {} : { SECRET_NAME_PREFIX: secretNamePrefix };
    },
  } as const;
}

function refused(reason: string): ConstructError {
  return new ConstructError('OPTIONS', `Rotation.postgres: ${reason}`);
}

/** What only Terraform knows, such as a certificate in a file, is checked when the function runs. */
function withoutTokens({ tls, users = [], dbname, ownerRole, ...others }: PostgresOptions): PostgresOptions {
  const literal = (value: string | undefined) => (Token.isUnresolved(value) ? undefined : value);
  return {
    ...others,
    users: [users].flat().map((user, index) => literal(user) ?? `user ${index + 1}, known to Terraform`),
    ...(tls && !Token.isUnresolved(tls.ca) && { tls }),
    ...(literal(dbname) !== undefined && { dbname: String(dbname) }),
    ...(literal(ownerRole) !== undefined && { ownerRole: String(ownerRole) }),
  };
}
