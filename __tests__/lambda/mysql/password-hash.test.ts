import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CACHING_SHA2, NATIVE } from '../../../lambda/mysql/password-hash.ts';
import { sha256Crypt } from '../../../lambda/mysql/sha256-crypt.ts';

/** As OpenSSL computes it, with 5,000 rounds: the 43 characters after the salt. */
const openssl = (password: string, salt: string) =>
  execFileSync('openssl', ['passwd', '-5', '-salt', salt, password], { encoding: 'utf8' }).trim().slice(-43);

describe('The hash that a server stores of a password', () => {
  it('of caching_sha2_password is SHA-256-crypt, as OpenSSL computes it', () => {
    for (const password of [
      'x',
      'Hello world!',
      'a'.repeat(31),
      'b'.repeat(32),
      'c'.repeat(33),
      'd'.repeat(64),
      '~ü€^'.repeat(9),
    ]) {
      // OpenSSL takes 16 bytes of salt at most; MySQL has 20.
      for (const salt of ['s', 'saltstring', '0123456789abcdef']) {
        expect(sha256Crypt(password, Buffer.from(salt), 5_000)).toBe(openssl(password, salt));
      }
    }
  });

  it('of caching_sha2_password has its rounds, salt and digest where MySQL looks for them, and matches one password', () => {
    const hash = CACHING_SHA2.hash('the password', 'version-1');
    expect(hash.toString()).toMatch(/^\$A\$005\$[\w-]{20}[./\w]{43}$/);
    expect(CACHING_SHA2.hash('the password', 'version-1')).toEqual(hash);
    expect(CACHING_SHA2.hash('the password', 'version-2')).not.toEqual(hash);
    expect(CACHING_SHA2.matches(hash, 'the password')).toBe(true);
    expect(CACHING_SHA2.matches(hash, 'another password')).toBe(false);
  });

  it('of mysql_native_password is the known one', () => {
    const hash = Buffer.from('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19');
    expect(NATIVE.hash('password', '')).toEqual(hash);
    expect(NATIVE.matches(Buffer.from(hash.toString().toLowerCase()), 'password')).toBe(true);
    expect(NATIVE.matches(Buffer.alloc(0), '')).toBe(false);
  });
});
