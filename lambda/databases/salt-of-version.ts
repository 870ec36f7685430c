import { createHash } from 'node:crypto';

/** As many bytes as PostgreSQL's own salts have. */
const SALT_BYTES = 16;

/**
 * The salt of the verifier of a version's password. It is as unique as the version. A server says the salt before it judges a login,
 * so it says whose password is live: after rotations that were given up, nobody has to try all of them.
 */
export function saltOfVersion(versionId: string): Buffer {
  return createHash('sha256').update(`rotaform ${versionId}`).digest().subarray(0, SALT_BYTES);
}
