import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { DeclaredAdministrator } from '../../rules/databases/administrators.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { secretName } from '../rotation/rotation-event.ts';
import type { DatabaseEngine } from './database-engine.ts';
import { type AdminSecret, type Database, type DatabaseSecret, type Login, PUBLIC_FIELDS } from './database-secret.ts';

export interface AdministratorOptions {
  readonly engine: DatabaseEngine;
  readonly schema: StandardSchemaV1<unknown, AdminSecret>;
  readonly admins: readonly DeclaredAdministrator[];
  /** The declared database; undefined if the administrator's secret names it. */
  readonly dbname: string | undefined;
  readonly tls: Pick<Database, 'ca' | 'servername'>;
}

/**
 * The administrator's login, and where it may go: to the endpoint that its own secret names, else the declaration, over
 * verified TLS. Nothing in the rotated secret decides that; a rotated secret that names another endpoint is refused, before
 * anything is dialed.
 * @param rotated chooses one of the declared administrators, by its `masterarn`
 * @throws CONFIGURATION, SECRET_VALUE, PRIVILEGE
 */
export async function administrator(
  rotated: DatabaseSecret<string | undefined>,
  { engine, schema, admins, dbname, tls }: AdministratorOptions,
  { secret, secretId }: Pick<RotationContext, 'secret' | 'secretId'>,
): Promise<Login & { readonly database: Database }> {
  const declared = chosen(rotated.masterarn, admins);
  const { secretArn } = declared;
  if (secretArn === secretId || secretArn === secretName(secretId)) {
    throw refused(
      `The administrator's secret, ${secretArn}, is the rotated secret itself: a rotation that stops halfway could not ` +
        'continue. Declare the secret of another user as admin.',
    );
  }
  const admin = await secret(secretArn, schema, PUBLIC_FIELDS);
  const host = agreed('host', admin.host, declared.host, secretArn);
  const port = agreed('port', admin.port, declared.port, secretArn) ?? engine.port;
  if (host === undefined) {
    throw refused(
      `Nothing says which server the administrator of ${secretArn} is for. Declare it as admin: { host }, or store "host" ` +
        'in the secret of the administrator. The host in the rotated secret does not decide that.',
    );
  }
  if (hostKey(rotated.host) !== hostKey(host) || rotated.port !== port) {
    throw refused(
      `The secret is for ${rotated.host}:${rotated.port}, its administrator for ${host}:${port}. Expected the same server ` +
        'in both. Correct the secret, or declare another admin.',
    );
  }
  const database = dbname ?? admin.dbname ?? engine.dbname;
  if (rotated.dbname !== database) {
    throw refused(
      `The secret's dbname is "${rotated.dbname}": expected "${database}". Correct the secret, or declare the database as dbname.`,
    );
  }
  const ca = tls.ca ?? admin.ca;
  const servername = tls.servername ?? admin.servername;
  return {
    username: admin.username,
    password: admin.password,
    database: {
      ...{ host, port, dbname: database, ssl: true },
      ...(ca !== undefined && { ca }),
      ...(servername !== undefined && { servername }),
    },
  };
}

function chosen(masterarn: string | undefined, admins: readonly DeclaredAdministrator[]): DeclaredAdministrator {
  const wanted = masterarn ?? (admins.length === 1 ? admins[0]?.secretArn : undefined);
  const found = admins.find(({ secretArn }) => secretArn === wanted);
  if (found !== undefined) return found;
  const expected = admins.map(({ secretArn }) => secretArn).join(', ');
  throw refused(
    `The secret's masterarn is ${masterarn ?? 'missing'}: expected one of ${expected}. Correct it, or declare it as admin.`,
  );
}

/** What the administrator's secret and the declaration say of the endpoint. */
function agreed<Value>(
  what: string,
  stored: Value | undefined,
  declared: Value | undefined,
  secretArn: string,
): Value | undefined {
  if (stored === undefined || declared === undefined || hostKey(stored) === hostKey(declared))
    return stored ?? declared;
  throw refused(
    `The administrator's secret, ${secretArn}, has the ${what} ${stored}, the declaration has ${declared}. Expected the ` +
      'same in both, or only one of them to say it.',
  );
}

/** DNS does not tell upper from lower case. */
const hostKey = (host: unknown) => String(host).toLowerCase();

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
