import { createHash } from 'node:crypto';
import { ed25519PublicKey } from './ed25519.ts';
import { sha256Crypt } from './sha256-crypt.ts';

/** How one plug-in stores a password. A function that knows the hash of the new one never sends the password itself. */
export interface PasswordPlugin {
  readonly name: string;
  /** @param versionId of the password: the salt comes of it, so a retry makes the same hash */
  hash(password: string, versionId: string): Buffer;
  /** Whether what the server has stored can be the hash of a password. */
  isHash(stored: Buffer): boolean;
  /** Whether a hash that the server has is that of a password. */
  matches(hash: Buffer, password: string): boolean;
}

const sha1 = (bytes: Buffer | string) => createHash('sha1').update(bytes).digest();

/** @see https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods_native_password_authentication.html */
export const NATIVE: PasswordPlugin = {
  name: 'mysql_native_password',
  hash: (password) => Buffer.from(`*${sha1(sha1(password)).toString('hex').toUpperCase()}`),
  isHash: (stored) => /^\*[\dA-F]{40}$/i.test(stored.toString()),
  matches: (hash, password) => hash.toString().toUpperCase() === NATIVE.hash(password, '').toString(),
};

/** A public key, without the `=` at its end. @see https://mariadb.com/kb/en/authentication-plugin-ed25519/ */
export const ED25519: PasswordPlugin = {
  name: 'ed25519',
  hash: (password) => Buffer.from(ed25519PublicKey(password).toString('base64').slice(0, -1)),
  isHash: (stored) => /^[\w+/]{43}$/.test(stored.toString()),
  matches: (hash, password) => hash.equals(ED25519.hash(password, '')),
};

/** `$A$`, thousands of rounds, `$`, and then 20 bytes of salt and 43 characters of SHA-256-crypt with no sign between. */
const SHA2_HASH = /^\$A\$([\da-fA-F]{3})\$([\s\S]{20})(.{43})$/;
const SHA2_ROUNDS = 5_000;
const SALT_BYTES = 20;

export const CACHING_SHA2: PasswordPlugin = {
  name: 'caching_sha2_password',
  hash(password, versionId) {
    const digest = createHash('sha256').update(`rotaform ${versionId}`).digest('base64url');
    const salt = digest.slice(0, SALT_BYTES);
    return Buffer.from(`$A$005$${salt}${sha256Crypt(password, Buffer.from(salt), SHA2_ROUNDS)}`);
  },
  isHash: (stored) => SHA2_HASH.test(stored.toString('latin1')),
  matches(hash, password) {
    const [, thousands = '', salt = '', digest] = SHA2_HASH.exec(hash.toString('latin1')) ?? [];
    if (digest === undefined) return false;
    return sha256Crypt(password, Buffer.from(salt, 'latin1'), Number.parseInt(thousands, 16) * 1_000) === digest;
  },
};
