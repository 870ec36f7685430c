import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ANSWERS_WITHIN } from '../answers-within.ts';
import { errorEntry } from '../error-entry.ts';
import { CLOCK_SKEW_MS, FunctionLog } from './function-log.ts';
import { datedVersions } from './labelled-versions.ts';

/** A rotation that has not ended, and so keeps another one from starting. */
export interface UnfinishedRotation {
  readonly versionId: string;
  /** Why it failed last, in words, as the function's log says it. */
  readonly reason: string;
}

/** The unfinished rotation of a secret. Undefined if there is none, or if nobody may ask. */
export async function unfinishedRotation(
  client: SecretsManagerClient,
  SecretId: string,
): Promise<UnfinishedRotation | undefined> {
  try {
    const pending = (await datedVersions(client, SecretId)).find(
      ({ stages }) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'),
    );
    if (pending === undefined) return undefined;
    const { versionId, createdMs } = pending;
    const { RotationLambdaARN: functionArn } = await client.send(new DescribeSecretCommand({ SecretId }));
    if (functionArn === undefined) return { versionId, reason: '' };
    const since = new Date(createdMs - CLOCK_SKEW_MS);
    const log = new FunctionLog({ client: new CloudWatchLogsClient(ANSWERS_WITHIN), functionArn, versionId, since });
    return { versionId, reason: await lastReason(log) };
  } catch {
    return undefined;
  }
}

async function lastReason(log: FunctionLog): Promise<string> {
  const steps = (await log.attempts()).flat();
  const failed = steps.filter(({ failure }) => failure !== undefined).at(-1);
  if (failed?.failure) {
    const { errorType, errorMessage } = failed.failure;
    return `${failed.step} failed last, with ${errorType}: ${errorMessage.replace(/\.?$/, '.')} What ${errorType} means, and what to do: ${errorEntry('Function', errorType)}. The log is ${log.groupName}.`;
  }
  if (log.problem !== undefined) return `The log ${log.groupName} cannot be read: ${log.problem.replace(/\.?$/, '.')}`;
  return `The log ${log.groupName} does not say yet that a step failed.`;
}
