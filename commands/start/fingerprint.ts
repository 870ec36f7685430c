import { createHmac, randomBytes } from 'node:crypto';

/** New in each process, so that nobody can guess a value and compare fingerprints. */
const key = randomBytes(32);

/** Eight characters that differ for different values, within one process. */
export function fingerprint(value: string | undefined): string | undefined {
  return value === undefined ? undefined : createHmac('sha256', key).update(value).digest('hex').slice(0, 8);
}
