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
    `${host} refused with 403 and a web page: ${said}. A web application firewall probably blocks this function. Allow its ` +
      'address and its User-Agent there.',
  );
}
