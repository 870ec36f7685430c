import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { saslPrep } from './sasl-prep.ts';

export interface ScramOptions {
  /** @default PostgreSQL's own */
  readonly iterations?: number;
  /** @default random */
  readonly salt?: Buffer;
}

/**
 * What PostgreSQL stores of a password, computed here: the password itself is in no statement, so it gets into no log of
 * the server, whatever `log_statement` says.
 * @see https://www.postgresql.org/docs/current/catalog-pg-authid.html
 * @see https://www.rfc-editor.org/rfc/rfc5802#section-3
 */
export async function scramVerifier(
  password: string,
  { iterations = 4_096, salt = randomBytes(16) }: ScramOptions = {},
): Promise<string> {
  const salted = await promisify(pbkdf2)(saslPrep(password), salt, iterations, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest();
  const keys = [storedKey, key('Server Key')].map((bytes) => bytes.toString('base64')).join(':');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${keys}`;
}
