import { hasCertificate, NO_CERTIFICATE } from '../certificate.ts';
import { readSecretFormat } from '../secret-format.ts';
import { type Administrator, type DeclaredAdministrator, readAdministrators } from './administrators.ts';
import { isPattern } from './names.ts';

/** What every database's rotation may be told of the login that it changes. */
export interface LoginOptions {
  /**
   * The administrator that changes the users' passwords. A list for secrets that share a function: each secret then names
   * its own as `masterarn`. A single user can do without.
   * @default none: a single user changes its own password
   */
  readonly admin?: Administrator | readonly Administrator[];
  readonly users?: string | readonly string[];
  /**
   * Fields of the secret that hold the login in a URL, such as `DATABASE_URL`: each gets the new password, and the new user if
   * users alternate; every other byte of it stays. A field with the password in it that is not named here is an error, before
   * anything changes.
   * @default none
   */
  readonly urlFields?: readonly string[];
  readonly format?: 'json' | 'text';
  /** How the server's certificate is verified. The administrator's login takes nothing of this from the rotated secret. */
  readonly tls?: {
    /**
     * The root to trust, PEM.
     * @default the `ca` in the secret of whoever logs in, else the roots of Amazon, RDS among them, and those of Node.js
     */
    readonly ca?: string;
    /**
     * The name in the certificate, for a host with an alias.
     * @default the `servername` in the secret of whoever logs in, else the host
     */
    readonly servername?: string;
  };
  /**
   * Whether `"ssl": false` in the rotated secret is obeyed, for the logins of its own user. The administrator always uses TLS.
   * @default false
   */
  readonly allowPlaintext?: boolean;
}

/** As AWS's template for PostgreSQL: characters that end a password in a connection URL, or a string in SQL. */
export const EXCLUDED_OF_LOGINS = ':/@"\'\\';

/** The same as the function reads it. */
export interface LoginEnvironment {
  readonly admins: readonly DeclaredAdministrator[];
  readonly users: readonly string[];
  /** What the names of a shared function's secrets begin with. */
  readonly secretNamePrefix: string;
  readonly urlFields: readonly string[];
  readonly format: 'json' | 'text';
  readonly tls: NonNullable<LoginOptions['tls']>;
  readonly allowPlaintext: boolean;
}

/** More would not fit into the environment of a function, 4 kB in all. */
const CA_CHARACTERS = 2_500;

/** The administrators that are declared. */
export function adminsOf({ admin = [] }: Pick<LoginOptions, 'admin'>): readonly Administrator[] {
  return [admin].flat();
}

/** The users that are declared. */
export function usersOf({ users = [] }: Pick<LoginOptions, 'users'>): readonly string[] {
  return [users].flat();
}

/** Why these say nothing of the secret's form, or of TLS, that could be done; undefined where they do. */
export function checkSecretAndTls({ urlFields = [], format = 'json', tls = {} }: LoginOptions): string | undefined {
  const notAField = urlFields.find((field) => !/^[^,\s]+$/.test(field));
  if (notAField !== undefined) {
    return `urlFields has ${JSON.stringify(notAField)}: expected names of fields, without commas or spaces.`;
  }
  if (format !== 'json' && format !== 'text') return `format is "${format}": expected 'json' or 'text'.`;
  if (format === 'text' && urlFields.length > 0) {
    return "urlFields is given with format 'text', but then the secret is the URL. Leave it out.";
  }
  const { ca, servername } = tls;
  if (servername !== undefined && !/^\S+$/.test(servername)) {
    return `tls.servername is ${JSON.stringify(servername)}: expected the name in the server's certificate, such as db.example.com.`;
  }
  if (ca !== undefined && !hasCertificate(ca)) return NO_CERTIFICATE;
  if (ca !== undefined && ca.length > CA_CHARACTERS) {
    return (
      `tls.ca has ${ca.length} characters, more than the function's environment holds: expected the one root, up to ` +
      `${CA_CHARACTERS} characters. Or put it into the secret, as its field "ca".`
    );
  }
  return undefined;
}

/** Why one function cannot rotate several secrets with these names of users; undefined if it can. */
export function checkSharedNames(names: readonly string[]): string | undefined {
  const fixed = names.find((name) => !isPattern(name));
  if (fixed === undefined) return undefined;
  return (
    `"${fixed}" would be the same for every secret that shares the function, so anyone who can write one of them could get another ` +
    "one's user. Expected patterns in the secret's name, such as users: 'tenant_{name}'; or give each secret its own function."
  );
}

/**
 * The options as environment variables of the rotation function: those that are given.
 * @param others an engine's own
 * @param toJson writes JSON that holds for every value of what only Terraform knows
 */
export function loginVariables(
  options: LoginOptions,
  others: Readonly<Record<string, string | undefined>>,
  toJson: (value: unknown) => string,
): Record<string, string> {
  const { urlFields = [], tls = {}, allowPlaintext } = options;
  const [admins, users] = [adminsOf(options), usersOf(options)];
  const variables = {
    ADMINS:
      admins.length > 0 ? toJson(admins.map(({ secretArn, host, port }) => ({ secretArn, host, port }))) : undefined,
    USERS: users.length > 0 ? toJson(users) : undefined,
    URL_FIELDS: urlFields.join(',') || undefined,
    SECRET_FORMAT: options.format === 'text' ? 'text' : undefined,
    TLS_CA: tls.ca,
    TLS_SERVERNAME: tls.servername,
    ALLOW_PLAINTEXT: allowPlaintext ? 'true' : undefined,
    ...others,
  };
  const given = Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(given);
}

/**
 * The options from environment variables, to be checked together.
 * @throws RangeError naming the variable that is wrong, and what was expected
 */
export function readLoginVariables(environment: Readonly<Record<string, string | undefined>>): LoginEnvironment {
  const { ADMINS, USERS, URL_FIELDS, SECRET_NAME_PREFIX, TLS_CA, TLS_SERVERNAME } = environment;
  return {
    admins: readAdministrators(ADMINS),
    users: readUsers(USERS),
    secretNamePrefix: SECRET_NAME_PREFIX ?? '',
    urlFields: URL_FIELDS?.split(',') ?? [],
    format: readSecretFormat(environment),
    tls: {
      ...(TLS_CA !== undefined && { ca: TLS_CA }),
      ...(TLS_SERVERNAME !== undefined && { servername: TLS_SERVERNAME }),
    },
    allowPlaintext: readFlag(environment, 'ALLOW_PLAINTEXT'),
  };
}

function readUsers(variable: string | undefined): readonly string[] {
  if (variable === undefined) return [];
  let found: unknown;
  try {
    found = JSON.parse(variable);
  } catch {} // Told below.
  if (Array.isArray(found) && found.every((name) => typeof name === 'string')) return found;
  throw new RangeError('USERS is not as expected: expected JSON such as ["app"]. Correct the function\'s environment.');
}

/** @throws RangeError for what is neither true nor false */
export function readFlag(environment: Readonly<Record<string, string | undefined>>, name: string): boolean {
  const value = environment[name] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new RangeError(`${name} is "${value}": expected true or false. Correct the function's environment.`);
}
