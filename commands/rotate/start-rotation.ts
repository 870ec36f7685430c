import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecretCommand, RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { page } from '../../rules/page.ts';
import { ANSWERS_WITHIN } from '../answers-within.ts';
import type { RotationRecord } from '../rotation-record.ts';
import { CLOCK_SKEW_MS, FunctionLog } from './function-log.ts';
import { labelledVersions } from './labelled-versions.ts';

export interface StartedRotation {
  /** What is known so far: the labels before the rotation. */
  readonly record: RotationRecord;
  readonly log: FunctionLog;
}

/** Asks Secrets Manager to rotate the secret now. @throws Error no rotation is configured, or what the SDK throws. */
export async function startRotation(client: SecretsManagerClient, SecretId: string): Promise<StartedRotation> {
  const { Name: secretName = SecretId, RotationLambdaARN } = await client.send(new DescribeSecretCommand({ SecretId }));
  if (RotationLambdaARN === undefined) {
    throw new Error(
      `No rotation is configured for ${secretName}. Declare one: see ${page('password.md')}, or ${page('adopt.md')} for a secret that already exists.`,
    );
  }
  const before = await labelledVersions(client, SecretId);
  const versionId = randomUUID();
  const since = new Date(Date.now() - CLOCK_SKEW_MS);
  await client.send(new RotateSecretCommand({ SecretId, ClientRequestToken: versionId }));
  return {
    record: { secretName, versionId, steps: [], attempts: 0, versions: { before, during: [], after: [] } },
    log: new FunctionLog({
      client: new CloudWatchLogsClient(ANSWERS_WITHIN),
      functionArn: RotationLambdaARN,
      versionId,
      since,
    }),
  };
}
