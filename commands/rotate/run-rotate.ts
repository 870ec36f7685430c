import { Listr } from 'listr2';
import { ANSWERS_WITHIN } from '../answers-within.ts';
import { drawRotation } from '../draw-rotation.ts';
import type { RotationRecord, StepRecord } from '../rotation-record.ts';
import { spelled } from '../spelling.ts';
import { UsageError } from '../usage-error.ts';
import { clearReason, isUnfinished } from './clear-reason.ts';
import { conclusion } from './conclusion.ts';
import type { StartedRotation } from './start-rotation.ts';
import type { WatchOutcome } from './watch-rotation.ts';

export interface RotateOptions {
  readonly timeout: string;
  readonly json?: boolean;
}

/**
 * Rotates a secret now, on AWS or on the local AWS, and shows what happened.
 * @returns the exit code
 */
export async function runRotate(names: readonly string[], { timeout, json = false }: RotateOptions): Promise<number> {
  const [secretId = '', ...more] = names;
  if (secretId === '' || more.length > 0) {
    throw new UsageError(
      `Expected the name of one secret, found ${names.length}: ${spelled('rotate', 'my-app/custom-password')}`,
    );
  }
  const timeoutSeconds = Number(timeout);
  if (!/^\d+$/.test(timeout) || timeoutSeconds < 1) {
    throw new UsageError(`--timeout is "${timeout}". Expected a whole number of seconds from 1.`);
  }
  const { SecretsManagerClient, startRotation, watchRotation, unfinishedRotation } = await withAwsSdk();
  const client = new SecretsManagerClient(ANSWERS_WITHIN);
  const region = await client.config.region().catch(() => {
    throw new Error('No AWS region is set. Set AWS_REGION, or the region of your profile.');
  });
  const explained = (state: string) => async (error: unknown) => {
    const unfinished = isUnfinished(error) ? await unfinishedRotation(client, secretId) : undefined;
    throw new Error(`${state} ${clearReason(error, { secretId, region, unfinished })}`);
  };
  const started = await startRotation(client, secretId).catch(explained('Nothing was rotated.'));
  const { record, log } = started;
  const outcome = await watched(record, json, (onStep) =>
    watchRotation(record, { client, secretId, log, timeoutSeconds, onStep }),
  ).catch(explained('The rotation continues in Secrets Manager, but cannot be watched from here.'));
  if (json) console.log(JSON.stringify({ outcome, ...record }));
  else show(started, outcome);
  return outcome === 'current' ? 0 : 1;
}

async function withAwsSdk() {
  const [{ SecretsManagerClient }, { startRotation }, { watchRotation }, { unfinishedRotation }] = await Promise.all([
    import('@aws-sdk/client-secrets-manager'),
    import('./start-rotation.ts'),
    import('./watch-rotation.ts'),
    import('./unfinished-rotation.ts'),
  ]);
  return { SecretsManagerClient, startRotation, watchRotation, unfinishedRotation };
}

function show({ record, log }: StartedRotation, outcome: WatchOutcome): void {
  console.log(drawRotation(record));
  for (const line of conclusion(outcome, record, log)) console.log(`  ${line}`);
  console.log();
}

/** Shows each step as it ends. */
async function watched(
  { secretName, versionId }: RotationRecord,
  silent: boolean,
  watch: (onStep: (step: StepRecord) => void) => Promise<WatchOutcome>,
): Promise<WatchOutcome> {
  if (silent) return watch(() => {});
  let watching: Promise<WatchOutcome> | undefined;
  const tasks = new Listr(
    [
      {
        title: `Rotate ${secretName} to version ${versionId}`,
        rendererOptions: { persistentOutput: true, outputBar: Number.POSITIVE_INFINITY },
        task: async (_, task) => {
          watching = watch(({ step, durationMs, failure }) => {
            task.output = `${step} ${failure ? `failed: ${failure.errorType}` : 'done'}, ${Math.round(durationMs)} ms`;
          });
          const outcome = await watching;
          if (outcome !== 'current') throw new Error(`${secretName} did not rotate: ${outcome}`);
        },
      },
    ],
    { fallbackRenderer: 'simple', exitOnError: false },
  );
  await tasks.run();
  return watching ?? 'timed out';
}
