import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import secretsManager from '@middy/secrets-manager';
import { secretsCache } from '../../client/index.ts';

export type Read = () => Promise<unknown>;

/** A reader that remembers the secret `db` for so many seconds. */
export type Peer = (client: SecretsManagerClient, ttlSeconds: number) => Read;

/** What applications read secrets with, by name and version. */
export const peers = {
  rotaform(client, ttlSeconds) {
    const secret = secretsCache({ client, maxAgeSeconds: ttlSeconds, timeoutSeconds: 1 }).secret('db');
    return () => secret.get();
  },
  /** As tutorials write it: a map, and the time of day. */
  tutorial(client, ttlSeconds) {
    const known = new Map<string, { readonly value: unknown; readonly until: number }>();
    return async () => {
      const found = known.get('db');
      if (found && Date.now() < found.until) return found.value;
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: 'db' }));
      const value: unknown = JSON.parse(SecretString);
      known.set('db', { value, until: Date.now() + ttlSeconds * 1000 });
      return value;
    };
  },
  powertools(client, ttlSeconds) {
    const provider = new SecretsProvider({ awsSdkV3Client: client });
    return () => provider.get('db', { maxAge: ttlSeconds, transform: 'json' });
  },
  middy(client, ttlSeconds) {
    const handler = middy()
      .use(
        secretsManager({
          AwsClient: sharing(client),
          fetchData: { db: 'db' },
          cacheKey: `bench-${ttlSeconds}-${Math.random()}`,
          cacheExpiry: ttlSeconds * 1000,
          setToContext: true,
          disablePrefetch: true,
        }),
      )
      .handler(async (_event: unknown, context: { readonly db: unknown }) => context.db);
    return () => handler({}, { getRemainingTimeInMillis: () => 1000 } as never);
  },
} satisfies Record<string, Peer>;

/** A class of clients that are all this one: middy makes its own. */
function sharing(client: SecretsManagerClient): typeof SecretsManagerClient {
  return class extends SecretsManagerClient {
    override send = client.send.bind(client) as SecretsManagerClient['send'];
  };
}
