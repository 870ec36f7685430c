import type { MysqlOptions } from '../../rules/mysql-rotation.ts';
import { RotationError } from '../rotation/index.ts';
import { identifier } from './mysql-session.ts';
import { CACHING_SHA2, ED25519, NATIVE, type PasswordPlugin } from './password-hash.ts';

/** One way to log in to an account. */
export interface Method {
  readonly plugin: string;
  /** What the server has stored of it: a hash, or what the plug-in takes. */
  readonly stored: Buffer;
}

/** An account of the server, `user@host`, as its tables have it. */
export interface Account {
  readonly user: string;
  readonly host: string;
  /** In the order in which the server tries them; MySQL has one. */
  readonly methods: readonly Method[];
  /** The older password that MySQL keeps beside the first method's. */
  readonly retained?: Buffer;
  readonly isRole: boolean;
  readonly isLocked: boolean;
  /** `REQUIRE X509`, `ISSUER` or `SUBJECT`: a certificate of the client's own. */
  readonly needsCertificate: boolean;
  /** `AND IDENTIFIED WITH`: MySQL asks for more than the password. */
  readonly needsSecondFactor: boolean;
  /** The user's other accounts, with other host parts. */
  readonly others: readonly Omit<Account, 'others'>[];
}

/** What a method that is no password's means, by the plug-in. */
const NOT_OURS: Readonly<Record<string, string>> = {
  unix_socket: 'logs in by the socket of its own machine',
  auth_socket: 'logs in by the socket of its own machine',
  named_pipe: 'logs in by a pipe of its own machine',
  pam: 'logs in by PAM, so another system has the password',
  gssapi: 'logs in by GSSAPI, so another system has the password',
  AWSAuthenticationPlugin: 'logs in by IAM, with tokens that AWS makes',
  authentication_ldap_simple: 'logs in by LDAP, so another system has the password',
  authentication_ldap_sasl: 'logs in by LDAP, so another system has the password',
  mysql_no_login: 'cannot log in at all',
};

/** The plug-ins whose passwords the function can set. */
const PLUGINS: readonly PasswordPlugin[] = [NATIVE, CACHING_SHA2, ED25519];

/** These ask a client for nothing, so that it notices none of them. */
const UNNOTICED = ['unix_socket', 'auth_socket', 'named_pipe'];

export const pluginOf = ({ plugin }: Method): PasswordPlugin | undefined => PLUGINS.find(({ name }) => name === plugin);

/** How MariaDB is to store a new password: as most clients know it, unless the account has the other kind alone. */
export function passwordPlugin({ methods }: Pick<Account, 'methods'>): PasswordPlugin {
  const plugins = methods.map(pluginOf);
  return plugins.includes(ED25519) && !plugins.includes(NATIVE) ? ED25519 : NATIVE;
}

/** An account's name as people write it. */
export const nameOf = ({ user, host }: Pick<Account, 'user' | 'host'>): string => `'${user}'@'${host}'`;

/** And as SQL has it. */
export const accountSql = ({ user, host }: Pick<Account, 'user' | 'host'>): string =>
  `${identifier(user)}@${identifier(host)}`;

/**
 * Refuses an account whose password this rotation cannot change, or whose change would lock somebody out.
 * @throws CONFIGURATION
 */
export function checkAccount(account: Account, strategy: MysqlOptions['strategy']): void {
  const name = nameOf(account);
  if (account.isRole) throw refused(`${name} is a role, which has no password. Give the secret a user.`);
  if (account.isLocked) {
    throw refused(
      `${name} is locked, so nobody can log in with the new password. Unlock it: ALTER USER … ACCOUNT UNLOCK.`,
    );
  }
  if (account.needsCertificate) {
    throw refused(
      `${name} requires a certificate of the client (REQUIRE X509, ISSUER or SUBJECT), which the function has not, so it could not prove the ` +
        'new password. Use REQUIRE SSL.',
    );
  }
  if (account.needsSecondFactor) {
    throw refused(
      `${name} logs in with more than one factor (AND IDENTIFIED …). The function has only the password, so it could not prove the new one. ` +
        `Take the other factors away: ALTER USER … DROP 2 FACTOR.`,
    );
  }
  const { methods } = account;
  if (methods.some(pluginOf) && methods.some(isOldHash)) throw refused(`${name} ${OLD_HASH}`);
  if (!methods.some(pluginOf)) {
    const [{ plugin } = { plugin: 'nothing' }] = methods;
    const found = NOT_OURS[plugin];
    throw refused(
      found === undefined
        ? `${name} logs in by ${plugin}: expected mysql_native_password, caching_sha2_password or ed25519. Set a password of that kind.`
        : `${name} ${found}. There is nothing to rotate here.`,
    );
  }
  if (strategy !== 'dual-password') return;
  if (passwordPlugin(account) === ED25519) {
    throw refused(
      `${name} logs in by ed25519. Many clients could not log in to an account with two such passwords: they follow one switch of methods. ` +
        "Declare strategy 'single-user' or 'alternating-users'.",
    );
  }
  const noticed = methods.find(
    (method) => [undefined, ED25519].includes(pluginOf(method)) && !UNNOTICED.includes(method.plugin),
  );
  if (noticed === undefined) return;
  throw refused(
    `${name} also logs in by ${noticed.plugin}. With two passwords, many clients would fail: they follow one switch of methods. Take ` +
      `that method from the account, or declare strategy 'single-user'.`,
  );
}

/**
 * Refuses a user who has the live password in another account, too: clients to whom the server gives that one would be refused.
 * @throws CONFIGURATION
 */
export function checkOthers(account: Account, live: string | undefined): void {
  if (live === undefined) return;
  const names = account.others.filter((other) => hasPassword(other, live)).map(nameOf);
  if (names.length === 0) return;
  throw refused(
    `${names.join(', ')} has the same password as ${nameOf(account)}, and would keep it: clients that log in there would be refused. Drop ` +
      'it, or give it another password and a secret of its own.',
  );
}

/** Whether one of the account's passwords is this one. */
export function hasPassword({ methods, retained }: Omit<Account, 'others'>, password: string): boolean {
  const all = retained === undefined ? methods : [...methods, { plugin: methods[0]?.plugin ?? '', stored: retained }];
  return all.some((method) => pluginOf(method)?.matches(method.stored, password) === true);
}

const OLD_HASH = 'has a password as servers before 4.1 stored it (old_passwords). Set it anew by hand.';
const isOldHash = ({ plugin, stored }: Method) =>
  plugin === 'mysql_old_password' || /^[\da-f]{16}$/i.test(stored.toString());

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
