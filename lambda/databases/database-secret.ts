import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isPort } from '../../rules/databases/administrators.ts';
import { lengthOf } from '../../rules/databases/names.ts';
import type { DatabaseEngine } from './database-engine.ts';

/** Fields of the secret that may stand in logs and errors. */
export const PUBLIC_FIELDS = [
  ...['engine', 'host', 'port', 'dbname', 'ssl', 'username', 'alternateusername', 'masterarn', 'servername', 'ca'],
  ...['dbInstanceIdentifier', 'dbClusterIdentifier'],
];

/** Who logs in. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

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

/** An administrator's secret. Those that RDS manages hold nothing but username and password. */
export interface AdminSecret extends Login, Partial<Pick<Database, 'host' | 'dbname' | 'ca' | 'servername'>> {
  readonly port?: number;
}

type Rule = readonly [expected: string, isRight: (value: unknown) => boolean];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
/** Not a list of one, which looks like its item as a string. */
const isScalar = (value: unknown) => typeof value !== 'object';
const text: Rule = ['a string', isText];

/**
 * The schemas of an engine's secrets, as AWS's rotation templates and RDS write them.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
export function databaseSecrets({ names, port, dbname, nameLimit }: DatabaseEngine) {
  const name: Rule = [
    `a name of 1 to ${nameLimit.most} ${nameLimit.unit}`,
    (value) => isText(value) && lengthOf(String(value), nameLimit) <= nameLimit.most,
  ];
  const optional: Readonly<Record<string, Rule>> = {
    engine: [names.join(' or '), (value) => isScalar(value) && names.includes(String(value))],
    port: ['a port from 1 to 65535', isPort],
    dbname: name,
    ssl: ['true or false', (value) => isScalar(value) && /^(true|false)$/i.test(String(value))],
    masterarn: text,
    alternateusername: name,
    ca: text,
    servername: text,
    // An administrator may have left these to the secret that it helps.
    host: text,
    password: text,
  };
  const login = { host: text, username: name };
  const complete = (document: Readonly<Record<string, unknown>>) => ({
    ...document,
    port: Number(document.port ?? port),
    dbname: document.dbname ?? dbname,
    ssl: String(document.ssl).toLowerCase() !== 'false',
  });
  return {
    /** A secret that rotates. */
    rotated: schema<DatabaseSecret>(
      { ...optional, ...login, password: text },
      [...Object.keys(login), 'password'],
      complete,
    ),
    /** The same before its first password is there. */
    withoutPassword: schema<DatabaseSecret<string | undefined>>(
      { ...optional, ...login },
      Object.keys(login),
      complete,
    ),
    /** An administrator's. */
    admin: schema<AdminSecret>({ ...optional, username: name }, ['username', 'password'], (document) => ({
      ...document,
      ...(document.port !== undefined && { port: Number(document.port) }),
    })),
  };
}

function schema<Value>(
  rules: Readonly<Record<string, Rule>>,
  required: readonly string[],
  read: (document: Readonly<Record<string, unknown>>) => object,
): StandardSchemaV1<unknown, Value> {
  const validate = (value: unknown): StandardSchemaV1.Result<Value> => {
    // AWS's own functions take a null for a field that is not there.
    const fields = Object.entries(Object(value)).filter(([, field]) => field !== null);
    const document: Readonly<Record<string, unknown>> = Object.fromEntries(fields);
    const issues = Object.entries(rules)
      .filter(([field, [, isRight]]) => {
        const found = document[field];
        return found === undefined ? required.includes(field) : !isRight(found);
      })
      .map(([field, [expected]]) => ({ message: 'not as expected', path: [field], expected }));
    return issues.length > 0 ? { issues } : { value: read(document) as Value };
  };
  return { '~standard': { version: 1, vendor: 'rotaform', validate } };
}
