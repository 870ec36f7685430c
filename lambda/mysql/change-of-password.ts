import { type Account, accountSql, type Method, passwordPlugin, pluginOf } from './account.ts';
import { identifier } from './mysql-session.ts';
import { ED25519, NATIVE, type PasswordPlugin } from './password-hash.ts';
import type { Server } from './server.ts';

/** Which passwords an account is to have. */
export interface WantedPasswords {
  readonly password: string;
  /** Of the secret's version: a retry makes the same hash. */
  readonly versionId: string;
  /** What stays beside it, if it is one of the account's; undefined if the secret does not know. */
  readonly live: string | undefined;
  readonly isDual: boolean;
}

/** Statements, each whole in itself. */
export interface ChangeOfPassword {
  /** Undefined if the account has the new password already, with all that is to stay beside it. */
  readonly change?: string;
  /** Makes the account what it was, or what the live password needs if an attempt before has made the change. */
  readonly back: string;
  /** Makes that change again. */
  readonly again?: string;
  /** What is left to do once the new password has logged in. */
  readonly after?: string;
}

/**
 * How an account gets its new password. With two passwords, the one that stays is the live one, however often the rotation was tried
 * or given up; if the secret knows none of the account's, the youngest stays, which a person may have set.
 */
export function changeOfPassword(account: Account, wanted: WantedPasswords, server: Server): ChangeOfPassword {
  return server.isMariadb ? ofMariadb(account, wanted, server) : ofMysql(account, wanted);
}

/** @see https://mariadb.com/kb/en/alter-user/#identified-viawith-authentication_plugin */
function ofMariadb(
  account: Account,
  { password, versionId, live, isDual }: WantedPasswords,
  { literal }: Server,
): ChangeOfPassword {
  const { methods } = account;
  const identifiedBy = (all: readonly Method[]) => {
    const ways = all.map(({ plugin, stored }) => {
      const using = stored.length > 0 ? ` USING ${literal(stored.toString())}` : '';
      return `${identifier(plugin)}${using}`;
    });
    return `${alter(account)} IDENTIFIED VIA ${ways.join(' OR ')}`;
  };
  const plugin = passwordPlugin(account);
  const methodOf = (each: string): Method => ({ plugin: plugin.name, stored: plugin.hash(each, versionId) });
  const isOf = (each: string | undefined) => (method: Method) =>
    each !== undefined && plugin.isHash(method.stored) && plugin.matches(method.stored, each);
  const passwords = methods.filter(({ stored }) => plugin.isHash(stored));
  const kept = methods.filter((method) => !passwords.includes(method) && isKept(method, plugin));
  const isNew = methods.some(isOf(password));
  // An attempt before may have set the new password, and ended: what was there then is the live one.
  const isLost = isNew && live !== undefined && !methods.some(isOf(live));
  const before = isLost ? methods.map((method) => (isOf(password)(method) ? methodOf(live) : method)) : methods;
  const back = identifiedBy(before);
  if (isNew && (isDual || passwords.length === 1)) return { back, again: identifiedBy(methods) };
  const staying = passwords.find(isOf(live)) ?? passwords.at(-1);
  const all = [
    // Passwords first, so that clients that log in by one meet one switch of methods at most; the live one before the new one.
    ...(isDual && staying !== undefined ? [staying] : []),
    methodOf(password),
    ...kept,
  ];
  return { change: identifiedBy(all), back };
}

/** A password of the other kind opens the account, too; one that is `invalid` opens nothing. */
const isKept = (method: Method, plugin: PasswordPlugin) =>
  pluginOf(method) === undefined || (pluginOf(method) === ED25519 && plugin !== ED25519);

/** @see https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords */
function ofMysql(account: Account, { password, versionId, live, isDual }: WantedPasswords): ChangeOfPassword {
  const { methods, retained } = account;
  const [method = { plugin: '', stored: Buffer.alloc(0) }] = methods;
  const plugin = pluginOf(method) ?? NATIVE;
  // A hash is no text in every character set.
  const identifiedBy = (hash: Buffer) =>
    `${alter(account)} IDENTIFIED WITH ${plugin.name} AS ${hash.length > 0 ? `0x${hash.toString('hex')}` : "''"}`;
  const back = identifiedBy(method.stored);
  const after = !isDual && retained !== undefined ? { after: `${alter(account)} DISCARD OLD PASSWORD` } : {};
  if (plugin.matches(method.stored, password)) {
    if (isDual || live === undefined || live === password) return { back, ...after };
    return { back: identifiedBy(plugin.hash(live, versionId)), again: back, ...after };
  }
  // Without RETAIN, the older password stays what it is: the live one, after a rotation that was given up.
  const isRetained = retained !== undefined && live !== undefined && plugin.matches(retained, live);
  const retain = isDual && !isRetained && method.stored.length > 0 ? ' RETAIN CURRENT PASSWORD' : '';
  return { change: identifiedBy(plugin.hash(password, versionId)) + retain, back, ...after };
}

const alter = (account: Account) => `ALTER USER ${accountSql(account)}`;
