import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import type { LocalAws } from '../../local/local-aws.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The keys of an account's root. */
export function rootKeys(accountId = '123456789012'): Keys {
  return { accessKeyId: accountId, secretAccessKey: 'local' };
}

/** A client of Secrets Manager that its user destroys. */
export function openClient(aws: LocalAws, region = 'us-east-1', credentials = rootKeys()): SecretsManagerClient {
  return new SecretsManagerClient({ endpoint: aws.endpoint, region, credentials, maxAttempts: 1 });
}

/** A client of Secrets Manager that is destroyed when the test ends. */
export function clientIn(aws: LocalAws, region?: string, credentials?: Keys): SecretsManagerClient {
  const client = openClient(aws, region, credentials);
  onTestFinished(() => client.destroy());
  return client;
}

/** The keys of a session of a role. */
export async function assumedKeys(
  aws: LocalAws,
  RoleArn: string,
  { credentials = rootKeys(), ...input }: Partial<AssumeRoleCommandInput> & { readonly credentials?: Keys } = {},
): Promise<Keys> {
  const sts = new STSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => sts.destroy());
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleSessionName: 'test', ...input, RoleArn }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}
