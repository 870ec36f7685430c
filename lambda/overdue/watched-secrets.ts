import {
  DescribeSecretCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type SecretFacts, secretFacts } from '../../rules/rotation-facts.ts';
import type { Watch } from './read-watch.ts';

/** A secret, and what is known of it. */
export interface WatchedSecret {
  readonly name: string;
  /** Absent if there is no such secret. */
  readonly facts?: SecretFacts;
}

const client = new SecretsManagerClient({
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
});

/** Calls that are made at a time. */
const AT_ONCE = 8;
const DAY_MS = 86_400_000;

/** Every secret of a watch, each once. A prefix that no secret has is one that is not there. */
export async function watchedSecrets(watch: Watch): Promise<WatchedSecret[]> {
  const { secretIds, secretNamePrefix, except } = watch;
  const named = await inTurns(secretIds, (secretId) => described(secretId, watch));
  const listed = secretNamePrefix === undefined ? [] : await secretsUnder(secretNamePrefix);
  if (secretNamePrefix !== undefined && listed.length === 0) listed.push({ name: `${secretNamePrefix}*` });
  const found = listed.filter(({ facts }) => facts === undefined || !isBeingMade(facts, watch.now));
  // What is named has more to tell.
  const byName = new Map([...found, ...named].map((each) => [each.name, each]));
  for (const name of except) byName.delete(name);
  return inTurns([...byName.values()], withPendingDate);
}

/** A new secret may get its rotation in the deployment that made it. */
function isBeingMade({ isConfigured, createdDate }: SecretFacts, now: Date): boolean {
  return !isConfigured && now.getTime() - createdDate.getTime() < DAY_MS;
}

async function described(SecretId: string, { lifetimeSeconds }: Watch): Promise<WatchedSecret> {
  try {
    const secret = await client.send(new DescribeSecretCommand({ SecretId }));
    const facts = { ...secretFacts(secret, secret.VersionIdsToStages), lifetimeSeconds: lifetimeSeconds[SecretId] };
    return secret.DeletedDate === undefined ? { name: facts.name, facts } : { name: facts.name };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return { name: SecretId };
    throw error;
  }
}

async function secretsUnder(prefix: string): Promise<WatchedSecret[]> {
  const found: WatchedSecret[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListSecretsCommand({
        Filters: [{ Key: 'name', Values: [prefix] }],
        MaxResults: 100,
        ...(NextToken !== undefined && { NextToken }),
      }),
    );
    for (const entry of page.SecretList ?? []) {
      const facts = secretFacts(entry, entry.SecretVersionsToStages);
      if (facts.name.startsWith(prefix)) found.push({ name: facts.name, facts });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** When a rotation that has not ended began. */
async function withPendingDate(secret: WatchedSecret): Promise<WatchedSecret> {
  const { name, facts } = secret;
  if (facts?.pendingVersionId === undefined) return secret;
  const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: name, MaxResults: 100 }));
  const version = Versions.find(({ VersionId }) => VersionId === facts.pendingVersionId);
  return { name, facts: { ...facts, pendingSince: version?.CreatedDate } };
}

async function inTurns<Item, Result>(items: readonly Item[], call: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const work = async () => {
    for (const [index, item] of entries) results[index] = await call(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
