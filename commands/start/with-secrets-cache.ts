import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type SecretsCache, secretsCache } from '../../client/index.ts';
import type { LocalAws } from '../../local/local-aws.ts';

export interface WithSecretsCacheOptions {
  /** @default the cache's own */
  readonly maxAgeSeconds?: number;
}

/** Runs an application that reads its secrets from the local AWS, through the cache that applications use. */
export async function withSecretsCache<Result>(
  { endpoint, account: { region }, environment }: LocalAws,
  use: (secrets: SecretsCache) => Promise<Result>,
  options: WithSecretsCacheOptions = {},
): Promise<Result> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment;
  const client = new SecretsManagerClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const secrets = secretsCache({ client, ...options });
  try {
    return await use(secrets);
  } finally {
    secrets.close();
    client.destroy();
  }
}
