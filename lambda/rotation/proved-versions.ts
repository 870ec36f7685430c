/** A process serves few rotations at a time; what is forgotten costs one more read. */
const MOST_REMEMBERED = 1_000;

const keys = new Set<string>();
const key = ({ secretId, versionId }: Version) => `${secretId} ${versionId}`;

interface Version {
  readonly secretId: string;
  readonly versionId: string;
}

/**
 * The versions that testSecret has proved in this process. finishSecret must never promote a version without a value;
 * where it meets the process that proved it, as it does in a normal rotation, it need not read the value again.
 */
export const provedVersions = {
  add(version: Version): void {
    if (keys.size >= MOST_REMEMBERED) keys.clear();
    keys.add(key(version));
  },
  has: (version: Version): boolean => keys.has(key(version)),
};
