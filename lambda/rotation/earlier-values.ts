import type { Invocation } from './invocation.ts';
import type { StoredVersion } from './secret-versions.ts';

/**
 * The values of the other versions that Secrets Manager still lists, newest first. The value that works at the target is in
 * one of them if rotations were given up: the newest are the likeliest. Each is read when it is asked for. Versions
 * without a value are passed over, and so are values that do not fit the strategy and values that were given before: a
 * target may lock the account after a number of refused logins.
 * @param known versions whose values the strategy has already, the current one last
 * @param isLikely versions that come before newer ones
 * @param mostOlder how many of those that are older than the current one
 */
export async function* earlierValues<Current, Pending>(
  invocation: Invocation<Current, Pending>,
  known: readonly StoredVersion[],
  isLikely: (versionId: string) => boolean = () => false,
  mostOlder = Number.POSITIVE_INFINITY,
): AsyncGenerator<Current> {
  const knownIds = known.map(({ versionId }) => versionId);
  const given = new Set(known.map(({ secretString }) => secretString));
  const newestFirst = await invocation.versions.newestFirst(invocation.secretId);
  const newer = newestFirst.indexOf(knownIds.at(-1) ?? '') + 1;
  const likeliestFirst = newestFirst
    .slice(0, newer + mostOlder)
    .filter((versionId) => !knownIds.includes(versionId))
    .map((versionId) => ({ versionId, isLikely: isLikely(versionId) }))
    .sort((one, other) => Number(other.isLikely) - Number(one.isLikely));
  for (const { versionId } of likeliestFirst) {
    const earlier = await invocation.earlier(versionId);
    if (earlier === undefined || given.has(earlier.stored.secretString)) continue;
    given.add(earlier.stored.secretString);
    yield earlier.value;
  }
}
