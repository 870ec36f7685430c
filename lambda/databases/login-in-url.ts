import type { Login } from './database-secret.ts';

/** Scheme, user-info, host, path, query and fragment: user-info ends at the last `@` before the path. */
const URL_PARTS = /^((?:[a-z][a-z\d+.-]*:)+\/\/)(?:([^/?#]*)@)?([^/?#]*)(.*)$/is;

/** How drivers name the login in a query. */
const PARAMETER = { username: /([?&]user(?:name)?=)([^&#]*)/i, password: /([?&]password=)([^&#]*)/i };

/** The login that a URL holds, in its user-info or as parameters of its query; undefined for what is no URL, or has none. */
export function loginInUrl(text: string): Partial<Login> | undefined {
  const parts = URL_PARTS.exec(text);
  if (parts === null) return undefined;
  const [, , userInfo, , rest = ''] = parts;
  const [, username, password] = /^([^:]*)(?::(.*))?$/s.exec(userInfo ?? '') ?? [];
  const found = {
    username: decoded(username || PARAMETER.username.exec(rest)?.[2]),
    password: decoded(password ?? PARAMETER.password.exec(rest)?.[2]),
  };
  return {
    ...(found.username !== undefined && { username: found.username }),
    ...(found.password !== undefined && { password: found.password }),
  };
}

/** The URL with another login where it has its own, percent-encoded; every other byte stays as it is. */
export function withLogin(url: string, { username, password }: Login): string {
  const [, scheme = '', userInfo, host = '', rest = ''] = URL_PARTS.exec(url) ?? [];
  const [user, secret] = [username, password].map(encodeComponent);
  const [, ofUser = '', ofPassword] = /^([^:]*)(:.*)?$/s.exec(userInfo ?? '') ?? [];
  const info = `${ofUser && user}${ofPassword === undefined ? '' : `:${secret}`}`;
  const query = rest
    .replace(PARAMETER.username, (_, name: string) => `${name}${user}`)
    .replace(PARAMETER.password, (_, name: string) => `${name}${secret}`);
  return `${scheme}${userInfo === undefined ? '' : `${info}@`}${host}${query}`;
}

/** With every character escaped that means something anywhere in a URL. */
function encodeComponent(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
