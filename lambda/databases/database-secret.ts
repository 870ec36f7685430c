import type { StandardSchemaV1 } from '@standard-schema/spec';
import { NAME_BYTES } from '../../rules/postgres-rotation.ts';

/** Fields of the secret that may stand in logs and errors. */
export const PUBLIC_FIELDS = [
  ...['engine', 'host', 'port', 'dbname', 'ssl', 'username', 'alternateusername', 'masterarn', 'servername', 'ca'],
  ...['dbInstanceIdentifier', 'dbClusterIdentifier'],
];

/** Which database, and how it is trusted. */
export interface Database {
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  /** False only where the secret says so. */
  readonly ssl: boolean;
  /** What to trust, PEM, instead of what the function trusts. */
  readonly ca?: string;
  /** The name in the server's certificate, where it is not the host's. */
  readonly servername?: string;
}

/** A secret in AWS's own JSON, read. */
export interface DatabaseSecret<Password = string> extends Database {
  readonly username: string;
  readonly password: Password;
  /** Of the secret of the administrator. */
  readonly masterarn?: string;
  /** Whose turn it is next, where that is not told by the name. */
  readonly alternateusername?: string;
}

type Rule = readonly [expected: string, isRight: (value: unknown) => boolean];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const text: Rule = ['a string', isText];
const name: Rule = [
  `a name of 1 to ${NAME_BYTES} bytes`,
  (value) => isText(value) && Buffer.byteLength(String(value)) <= NAME_BYTES,
];

const OPTIONAL: Readonly<Record<string, Rule>> = {
  engine: ['postgres or aurora-postgresql', (value) => /^(postgres|postgresql|aurora-postgresql)$/.test(String(value))],
  port: ['a port from 1 to 65535', (value) => /^[1-9]\d{0,4}$/.test(String(value)) && Number(value) <= 65_535],
  dbname: text,
  ssl: ['true or false', (value) => /^(true|false)$/i.test(String(value))],
  masterarn: text,
  alternateusername: name,
  ca: text,
  servername: text,
  // An administrator may have left these to the secret that it helps.
  host: text,
  password: text,
};

/**
 * A secret as AWS's rotation templates and RDS write it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
export const databaseSecret = schema<DatabaseSecret>({ host: text, username: name, password: text });

/** The same before its first password is there. */
export const databaseSecretWithoutPassword = schema<DatabaseSecret<string | undefined>>({ host: text, username: name });

/** An administrator's: those that RDS manages hold nothing but username and password. */
export const adminSecret = schema<{ username: string; password: string; host?: string; port: number }>({
  username: name,
  password: text,
});

function schema<Value>(required: Readonly<Record<string, Rule>>): StandardSchemaV1<unknown, Value> {
  const validate = (value: unknown): StandardSchemaV1.Result<Value> => {
    const document = Object(value) as Record<string, unknown>;
    const issues = Object.entries({ ...OPTIONAL, ...required })
      .filter(([field, [, isRight]]) => {
        const found = document[field];
        return found === undefined || found === null ? field in required : !isRight(found);
      })
      .map(([field, [expected]]) => ({ message: 'not as expected', path: [field], expected }));
    if (issues.length > 0) return { issues };
    const { port, dbname, ssl } = document;
    const read = {
      ...document,
      port: Number(port ?? 5_432),
      dbname: dbname ?? 'postgres',
      ssl: String(ssl).toLowerCase() !== 'false',
    };
    return { value: read as Value };
  };
  return { '~standard': { version: 1, vendor: 'rotaform', validate } };
}
