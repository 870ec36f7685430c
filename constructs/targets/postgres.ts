import { Token } from 'cdktf';
import { checkPasswordOptions } from '../../rules/password/password-options.ts';
import {
  adminSecretArns,
  checkPostgresOptions,
  type PostgresOptions,
  postgresEnvironment,
} from '../../rules/postgres-rotation.ts';
import { checkOptions } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { Network } from '../network/network.ts';
import { readOtherSecrets } from '../permissions/read-other-secrets.ts';
import { passwordOptionTable } from './password-option-table.ts';
import type { RotationNeeds } from './rotation-needs.ts';

/** What `Rotation.postgres` takes. */
export interface PostgresRotationOptions extends PostgresOptions {
  /** The customer key that the administrator's secret is encrypted with. @default AWS's own key, `aws/secretsmanager` */
  readonly adminSecretKmsKeyArn?: string;
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
    strategy: 'required',
    adminSecretArn: 'optional',
    adminSecretKmsKeyArn: 'optional',
    alternateUsername: 'optional',
    ownerRole: 'optional',
    tls: 'optional',
    network: 'optional',
    ...passwordOptionTable,
  });
  const { adminSecretKmsKeyArn, network, ...postgres } = options;
  const { strategy, tls = {} } = postgres;
  checkOptions('tls', tls, { ca: 'optional', servername: 'optional' });
  const secretArns = adminSecretArns(postgres);
  const admins = { whose: 'Administrator', secretArns, kmsKeyArn: adminSecretKmsKeyArn };
  const statements = readOtherSecrets('adminSecretArn', admins);
  const reason = checkPostgresOptions(withoutTokens(postgres));
  if (reason !== undefined) throw new ConstructError('OPTIONS', `Rotation.postgres: ${reason}`);
  const problem = checkPasswordOptions(postgres);
  if (problem !== undefined) throw new ConstructError('PASSWORD_OPTIONS', problem);
  return {
    code: builtInCode('postgres'),
    environment: postgresEnvironment(postgres),
    statements,
    format: 'json',
    generatedFields: ['password'],
    readsEarlierVersions: secretArns.length === 0,
    network: network && { targetPorts: [5432], ...network },
    singleUser: strategy === 'single-user',
  } as const;
}

/** What Terraform alone knows, such as a certificate in a file, is checked when the function runs. */
function withoutTokens({ tls, ...others }: PostgresOptions): PostgresOptions {
  return Token.isUnresolved(tls?.ca) ? others : { ...others, ...(tls && { tls }) };
}
