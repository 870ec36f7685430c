import type { Invocation } from './invocation.ts';
import type { StoredVersion } from './secret-versions.ts';

/**
 * The values of the other versions that Secrets Manager still lists, newest first. The value that works at the target is in
 * one of them if rotations were given up: the newest are the likeliest. Each is read when it is asked for. Versions
 * without a value are passed over, and so are values that do not fit the strategy and values that were given before: a
 * target may lock the account after a number of refused logins.
 * @param known versions whose values the strategy has already
 */
export async function* earlierValues<Current, Pending>(
  invocation: Invocation<Current, Pending>,
  known: readonly StoredVersion[],
): AsyncGenerator<Current> {
  const knownIds = known.map(({ versionId }) => versionId);
  const given = new Set(known.map(({ secretString }) => secretString));
  for (const versionId of await invocation.versions.newestFirst(invocation.secretId)) {
    if (knownIds.includes(versionId)) continue;
    const earlier = await invocation.earlier(versionId);
    if (earlier === undefined || given.has(earlier.stored.secretString)) continue;
    given.add(earlier.stored.secretString);
    yield earlier.value;
  }
}
