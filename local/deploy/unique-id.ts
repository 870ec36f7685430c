import { randomInt } from 'node:crypto';

/** A name as the AWS provider makes it if the stack gives none: the prefix and 26 digits. */
export function uniqueId(prefix = 'terraform-'): string {
  const time = new Date().toISOString().replaceAll(/\D/g, '');
  return `${prefix}${time}${String(randomInt(1e9)).padStart(9, '0')}`;
}
