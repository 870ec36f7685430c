import { stopwatch } from './stopwatch.ts';

/**
 * How long a proof holds. Secrets Manager calls finishSecret right after testSecret. Whoever changes a value back at the target waits as
 * long, see `change-back.ts`.
 */
export const PROOF_HOLDS_MS = 5_000;

/** One process serves few rotations at a time. A forgotten version is proved again. */
const MOST_REMEMBERED = 1_000;

const ages = new Map<string, () => number>();
const key = ({ secretId, versionId }: Version) => `${secretId} ${versionId}`;

interface Version {
  readonly secretId: string;
  readonly versionId: string;
}

/**
 * The versions that this process has proved a moment ago. finishSecret promotes only a proved version; if it runs in the
 * process that proved it, as in a normal rotation, it does not prove it again. A proof does not hold for long: a process
 * may be frozen for an hour, and somebody may change the value at the target in the meantime.
 */
export const provedVersions = {
  add(version: Version): void {
    if (ages.size >= MOST_REMEMBERED) ages.clear();
    ages.set(key(version), stopwatch());
  },
  has(version: Version): boolean {
    const ageMs = ages.get(key(version));
    return ageMs !== undefined && ageMs() < PROOF_HOLDS_MS;
  },
  /** Setting the value again may have changed the target: what was proved before counts no more. */
  forget(version: Version): void {
    ages.delete(key(version));
  },
};
