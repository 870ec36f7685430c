import { RotationError } from '../rotation/index.ts';
import type { Answer } from './ask.ts';

/**
 * The error for a 403 that is the word of what stands before the issuer: that one refuses with JSON.
 * @returns undefined for any other answer
 */
export function stoppedByFirewall({ host, status, said, isText }: Answer): RotationError | undefined {
  if (status !== 403 || !isText) return undefined;
  return new RotationError(
    'PRIVILEGE',
    `${host} refused with 403 and a web page: ${said}. A firewall before it (WAF) may not let this function in. Allow the ` +
      'address that it comes from, and its User-Agent, there.',
  );
}
