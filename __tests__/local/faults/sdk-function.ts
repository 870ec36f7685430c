import { SecretsManager } from '@aws-sdk/client-secrets-manager';

const client = new SecretsManager({ maxAttempts: 2 });

const actions = {
  DescribeSecret: client.describeSecret,
  GetSecretValue: client.getSecretValue,
  ListSecretVersionIds: client.listSecretVersionIds,
  PutSecretValue: client.putSecretValue,
} as const;

export interface SdkCall {
  readonly action: keyof typeof actions;
  readonly input: object;
}

interface Metadata {
  readonly $metadata?: { readonly attempts?: number };
}

/** Makes the calls one after the other, and returns the result of each: the output, or the error's name. */
export async function handler(calls: readonly SdkCall[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const { action, input } of calls) {
    const send = actions[action] as (input: object) => Promise<Metadata>;
    answers.push(await send.call(client, input).then(answered, refused));
  }
  return answers;
}

function answered({ $metadata, ...output }: Metadata) {
  return { ...output, attempts: $metadata?.attempts };
}

function refused({ name, code = name, $metadata }: { name: string; code?: string } & Metadata) {
  return { error: code, attempts: $metadata?.attempts };
}
