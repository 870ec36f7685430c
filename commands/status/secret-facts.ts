import {
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  paginateListSecrets,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type SecretFacts, secretFacts } from '../../rules/rotation-facts.ts';
import type { Pace } from './pace.ts';

export interface Asking {
  readonly client: SecretsManagerClient;
  readonly pace: Pace;
}

/** Every secret whose name begins with the prefix. ListSecrets tells all that DescribeSecret does, a hundred at a time. */
export async function secretsUnder(prefix: string, { client, pace }: Asking): Promise<SecretFacts[]> {
  const found: SecretFacts[] = [];
  const pages = paginateListSecrets(
    { client, pageSize: 100 },
    // AWS compares the beginning of the name; an empty value is none.
    prefix === '' ? {} : { Filters: [{ Key: 'name', Values: [prefix] }] },
  )[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await pace.take('ListSecrets', () => pages.next());
    if (done) break;
    const entries = (value.SecretList ?? []).filter(({ Name = '' }) => Name.startsWith(prefix));
    found.push(...entries.map((entry) => secretFacts(entry, entry.SecretVersionsToStages)));
  }
  return withPendingDates(found, { client, pace });
}

/** Those secrets, by name or ARN. Undefined for one that is not there. */
export async function secretsNamed(
  secretIds: readonly string[],
  asking: Asking,
): Promise<(SecretFacts | { readonly name: string; readonly isMissing: true })[]> {
  const found = await asking.pace.all(secretIds, 'DescribeSecret', (SecretId) => described(SecretId, asking.client));
  const there = await withPendingDates(
    found.filter((each): each is SecretFacts => !('isMissing' in each)),
    asking,
  );
  return [...found.filter((each) => 'isMissing' in each), ...there];
}

async function described(SecretId: string, client: SecretsManagerClient) {
  try {
    const secret = await client.send(new DescribeSecretCommand({ SecretId }));
    return secret.DeletedDate ? missing(SecretId) : secretFacts(secret, secret.VersionIdsToStages);
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return missing(SecretId);
    throw error;
  }
}

const missing = (name: string) => ({ name, isMissing: true }) as const;

/** When the rotations that have not ended began: one call for each of them. */
function withPendingDates(facts: readonly SecretFacts[], { client, pace }: Asking): Promise<SecretFacts[]> {
  const pending = facts.filter(({ pendingVersionId }) => pendingVersionId !== undefined);
  return pace
    .all(pending, 'ListSecretVersionIds', async (each) => {
      const { Versions = [] } = await client.send(
        new ListSecretVersionIdsCommand({ SecretId: each.name, MaxResults: 100 }),
      );
      const version = Versions.find(({ VersionId }) => VersionId === each.pendingVersionId);
      return { ...each, pendingSince: version?.CreatedDate };
    })
    .then((dated) => [...facts.filter(({ pendingVersionId }) => pendingVersionId === undefined), ...dated]);
}
