import { createHash } from 'node:crypto';

/** Which byte of the digest stands where in its text, in threes; the last two are alone. */
const ORDER = [
  [0, 10, 20],
  [21, 1, 11],
  [12, 22, 2],
  [3, 13, 23],
  [24, 4, 14],
  [15, 25, 5],
  [6, 16, 26],
  [27, 7, 17],
  [18, 28, 8],
  [9, 19, 29],
] as const;

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const sha256 = (...parts: readonly Buffer[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** As many bytes as asked for, of one that is repeated. */
const repeated = (bytes: Buffer, length: number) => Buffer.alloc(length, bytes);

/**
 * SHA-256-crypt, which `caching_sha2_password` stores: the 43 characters of its digest.
 * @see https://www.akkadia.org/drepper/SHA-crypt.txt
 */
export function sha256Crypt(password: string, salt: Buffer, rounds: number): string {
  const key = Buffer.from(password);
  const { length } = key;
  const b = sha256(key, salt, key);
  const parts = [key, salt, repeated(b, length)];
  for (let bits = length; bits > 0; bits >>= 1) parts.push(bits & 1 ? b : key);
  let digest = sha256(...parts);
  const p = repeated(sha256(...Array<Buffer>(length).fill(key)), length);
  const s = repeated(sha256(...Array<Buffer>(16 + (digest[0] ?? 0)).fill(salt)), salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    digest = sha256(
      isOdd ? p : digest,
      ...(round % 3 === 0 ? [] : [s]),
      ...(round % 7 === 0 ? [] : [p]),
      isOdd ? digest : p,
    );
  }
  const of = (index: number) => digest[index] ?? 0;
  const threes = ORDER.map(([high, middle, low]) => text((of(high) << 16) | (of(middle) << 8) | of(low), 4));
  return threes.join('') + text((of(31) << 8) | of(30), 3);
}

function text(value: number, characters: number): string {
  return Array.from({ length: characters }, (_, index) => ALPHABET[(value >> (6 * index)) & 63]).join('');
}
