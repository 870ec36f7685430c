import { RotationError } from '../rotation/index.ts';
import { type Login, PUBLIC_FIELDS } from './database-secret.ts';
import { loginInUrl, withLogin } from './login-in-url.ts';

interface CurrentLogin {
  readonly username: string;
  /** Undefined before the first rotation. */
  readonly password: string | undefined;
}

/**
 * The fields that hold a copy of the login, with the new one in it. Every other byte stays as it is.
 * @param urlFields the declared ones, each a URL with the current login
 * @throws CONFIGURATION if a declared field has no such URL, or another field has a copy: applications that read it would be
 *   refused after the rotation
 */
export function renewedCopies(
  document: object,
  current: CurrentLogin,
  urlFields: readonly string[],
  renewed: Login,
): Record<string, string> {
  const declared = ['password', ...urlFields, ...PUBLIC_FIELDS];
  for (const [field, value] of Object.entries(document)) {
    if (typeof value !== 'string' || declared.includes(field)) continue;
    if (value === current.password) {
      throw refused(
        `The field "${field}" is a copy of the password, and would go stale. Remove it from the secret: "password" has it.`,
      );
    }
    if (!goesStale(value, current, renewed)) continue;
    throw refused(
      `The field "${field}" is a URL with the login in it, and would go stale. Declare urlFields: ['${field}'].`,
    );
  }
  return Object.fromEntries(
    urlFields.map((field) => {
      const url: unknown = Reflect.get(document, field);
      if (typeof url === 'string' && hasLogin(url, current)) return [field, withLogin(url, renewed)];
      throw refused(
        `The field "${field}", which is declared in urlFields, is not a URL with the current login. Expected one such as ` +
          'postgres://USER:PASSWORD@HOST/DATABASE or jdbc:mysql://HOST/DATABASE?user=USER&password=PASSWORD.',
      );
    }),
  );
}

function goesStale(value: string, { username, password }: CurrentLogin, renewed: Login): boolean {
  const found = loginInUrl(value);
  if (found === undefined) return false;
  if (found.password !== undefined && found.password === password) return true;
  return found.username === username && renewed.username !== username;
}

/** Whether what a URL has of a login is the current one's; before the first rotation it may have any password. */
function hasLogin(url: string, { username, password }: CurrentLogin): boolean {
  const found = loginInUrl(url);
  if (found?.username === undefined && found?.password === undefined) return false;
  if (found.username !== undefined && found.username !== username) return false;
  return found.password === undefined || password === undefined || found.password === password;
}

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
