import { randomUUID } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { onTestFinished, vi } from 'vitest';
import { type SecretsCache, type SecretsCacheOptions, secretsCache } from '../../client/index.ts';
import type { Account } from '../../local/account.ts';
import type { Fault } from '../../local/faults/fault.ts';
import { putRolePolicy } from '../../local/iam/role-policies.ts';
import { createRole } from '../../local/iam/roles.ts';
import { type RunningAccount, runningAccount, TRUST } from '../local/secrets-manager/running-account.ts';

export const login = v.object({ username: v.string(), password: v.string() });
export type Login = v.InferOutput<typeof login>;

/** A login whose password no other has. */
export const newLogin = (username = 'app'): Login => ({ username, password: randomUUID() });

export interface ReadingAccount extends RunningAccount {
  readonly cache: SecretsCache;
  /** The labels that were asked for, one for each call of GetSecretValue. */
  readonly reads: string[];
  /** Stores a value under the name `db`, or another; resolves to its version's id. */
  put(value: unknown, options?: { readonly stages?: string[]; readonly name?: string }): Promise<string>;
  /** Makes that version current. */
  promote(versionId: string, from: string, name?: string): Promise<void>;
  /** Lets reads go wrong from now on. @returns what ends it */
  fail(kind: Fault['kind'], fault?: Partial<Fault>): () => void;
}

/** An account whose secret `db` holds what `put` stores, and a cache that reads it; both end with the test. */
export async function readingAccount(options: Partial<SecretsCacheOptions> = {}): Promise<ReadingAccount> {
  const running = await runningAccount();
  const { aws, client } = running;
  const cache = secretsCache({ client, ...options });
  onTestFinished(() => cache.close());
  const reads: string[] = [];
  aws.account.events.on('call', ({ action, versions }) => {
    if (action === 'GetSecretValue') reads.push(versions?.VersionStage ?? '');
  });
  return {
    ...running,
    cache,
    reads,
    async put(value, { stages = ['AWSCURRENT'], name = 'db' } = {}) {
      if (!aws.account.secrets.find(name)) await client.send(new CreateSecretCommand({ Name: name }));
      const content =
        value instanceof Uint8Array
          ? { SecretBinary: value }
          : { SecretString: typeof value === 'string' ? value : JSON.stringify(value) };
      const { VersionId = '' } = await client.send(
        new PutSecretValueCommand({ SecretId: name, VersionStages: stages, ...content }),
      );
      return VersionId;
    },
    async promote(versionId, from, name = 'db') {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: name,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: versionId,
          RemoveFromVersionId: from,
        }),
      );
    },
    fail: (kind, fault = {}) =>
      aws.faults.add({
        action: 'GetSecretValue',
        kind,
        times: Number.POSITIVE_INFINITY,
        callers: 'everyone',
        ...(kind === 'delay' && { delayMs: 900_000 }),
        ...fault,
      }),
  };
}

/** A client of an application whose role may read with these conditions, and do nothing else. */
export function readerClient(account: Account, conditions: object = {}): SecretsManagerClient {
  const RoleName = 'reader';
  const { Arn } = account.roles.find(RoleName) ?? createRole({ RoleName, AssumeRolePolicyDocument: TRUST }, account);
  allowReads(account, conditions);
  const accessKeyId = account.sessions.add({
    caller: { arn: `arn:aws:sts::${account.id}:assumed-role/reader/application` },
    roleArn: Arn,
    kill: async () => {},
  });
  const { endpoint, region } = account;
  const credentials = { accessKeyId, secretAccessKey: 'secret' };
  const client = new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

/** Gives the role of `readerClient` these conditions, instead of those before. */
export function allowReads(account: Account, conditions: object): void {
  const Condition = Object.keys(conditions).length > 0 ? { StringEquals: conditions } : undefined;
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', Condition }],
  });
  putRolePolicy({ RoleName: 'reader', PolicyName: 'read', PolicyDocument }, account);
}

/** Stops the clock that the application sees, until the test ends. @returns what moves it, back as well */
export function movingClock(): (seconds: number) => void {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  return (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000);
}

/** What is published on one of the client's channels while the test runs. */
export function published(name: 'read' | 'rotated' | 'rejected' | 'refused'): unknown[] {
  const events: unknown[] = [];
  const listener = (event: unknown) => void events.push(event);
  const topic = channel(`rotaform:secret:${name}`);
  topic.subscribe(listener);
  onTestFinished(() => void topic.unsubscribe(listener));
  return events;
}
