import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RotationRecord, StepRecord } from '../rotation-record.ts';
import type { FunctionLog } from './function-log.ts';
import { labelledVersions } from './labelled-versions.ts';

/** How a watched rotation ended. `unlabelled`: its version lost `AWSPENDING`, and is not current. */
export type WatchOutcome = 'current' | 'step failed' | 'unlabelled' | 'timed out';

export interface WatchOptions {
  readonly client: SecretsManagerClient;
  /** The secret's name or ARN. */
  readonly secretId: string;
  readonly log: FunctionLog;
  readonly timeoutSeconds: number;
  /** Called once for each step that has ended according to the log. */
  readonly onStep: (step: StepRecord) => void;
}

const POLL_MS = 500;
/** How much later than the labels the log may arrive: CloudWatch Logs shows a line a few seconds after it was written. */
const LOG_DELAY_MS = 10_000;

/** Watches a rotation's labels and its function's log until the rotation ends, and records what it sees. */
export async function watchRotation(
  record: RotationRecord,
  { client, secretId, log, timeoutSeconds, onStep }: WatchOptions,
): Promise<WatchOutcome> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  let shown = 0;
  let labelsSettledAt: number | undefined;
  // Before the log, because a quick rotation is over by the time that the log is read.
  await lookAtLabels(record, client, secretId);
  for (;;) {
    const attempts = await log.attempts();
    for (const step of attempts.flat().slice(shown)) onStep(step);
    shown = attempts.flat().length;
    record.attempts = attempts.length;
    record.steps.splice(0, record.steps.length, ...(attempts.at(-1) ?? []));

    // After the log, because a step that failed may have been tried again since.
    const { isCurrent, isPending } = await lookAtLabels(record, client, secretId);
    const last = record.steps.at(-1);
    if (last?.failure && !isCurrent) {
      record.failure = last.failure;
      return 'step failed';
    }
    // Labels are eventually consistent: AWSPENDING may show only after a while.
    labelsSettledAt = isCurrent || !isPending ? (labelsSettledAt ?? Date.now()) : undefined;
    const isLogComplete = log.problem !== undefined || (last?.step === 'finishSecret' && !last.failure);
    const isOver = isLogComplete && !isPending;
    if (labelsSettledAt !== undefined && (isOver || Date.now() > labelsSettledAt + LOG_DELAY_MS)) {
      return isCurrent ? 'current' : 'unlabelled';
    }
    if (Date.now() > deadline) return isCurrent ? 'current' : 'timed out';
    await sleep(POLL_MS);
  }
}

async function lookAtLabels({ versionId, versions }: RotationRecord, client: SecretsManagerClient, secretId: string) {
  versions.after = await labelledVersions(client, secretId);
  const stages = versions.after.find((version) => version.versionId === versionId)?.stages ?? [];
  const isCurrent = stages.includes('AWSCURRENT');
  const isPending = stages.includes('AWSPENDING');
  if (isPending && !isCurrent) versions.during = versions.after;
  return { isCurrent, isPending };
}
