/** `npm run rotate`: rotates a secret now, on AWS or on the local AWS, and shows what happened. */
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Listr } from 'listr2';
import colors from 'picocolors';
import { drawRotation } from './draw-rotation.ts';
import { clearReason } from './rotate/clear-reason.ts';
import { conclusion } from './rotate/conclusion.ts';
import { startRotation } from './rotate/start-rotation.ts';
import { type WatchOutcome, watchRotation } from './rotate/watch-rotation.ts';
import type { RotationRecord, StepRecord } from './rotation-record.ts';

const USAGE = `npm run rotate -- NAME [--timeout SECONDS]

Rotates the secret with that name or ARN now, with the AWS credentials, the region and AWS_ENDPOINT_URL of the environment.
No value is read. The exit code is 0 if the new version became AWSCURRENT, and 1 if a step failed or the time was up.

  --timeout SECONDS  how long to watch (default 120)
`;

// A mistake is explained in one clear line. The SDK's warning about Node.js 20 would only distract from it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

try {
  const { help, secretId, timeoutSeconds } = readOptions();
  if (help) process.stdout.write(USAGE);
  else process.exitCode = await rotate(secretId, timeoutSeconds);
} catch (error) {
  console.error(colors.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      timeout: { type: 'string', default: '120' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [secretId = '', ...more] = positionals;
  const timeoutSeconds = Number(values.timeout);
  if (values.help) return { help: true, secretId, timeoutSeconds };
  if (secretId === '' || more.length > 0) {
    throw new Error(
      `Expected the name of one secret, found ${positionals.length}: npm run rotate -- my-app/custom-password`,
    );
  }
  if (!/^\d+$/.test(values.timeout) || timeoutSeconds < 1) {
    throw new Error(`--timeout is "${values.timeout}". Expected a whole number of seconds from 1.`);
  }
  return { help: false, secretId, timeoutSeconds };
}

/** @returns the exit code */
async function rotate(secretId: string, timeoutSeconds: number): Promise<number> {
  const client = new SecretsManagerClient();
  const region = await client.config.region().catch(() => {
    throw new Error('No AWS region is set. Set AWS_REGION, or the region of your profile.');
  });
  const explained = (state: string) => (error: unknown) => {
    throw new Error(`${state} ${clearReason(error, { secretId, region })}`);
  };
  const { record, log } = await startRotation(client, secretId).catch(explained('Nothing was rotated.'));
  const outcome = await watched(record, (onStep) =>
    watchRotation(record, { client, secretId, log, timeoutSeconds, onStep }),
  ).catch(explained('The rotation continues in Secrets Manager, but cannot be watched from here.'));
  console.log(drawRotation(record));
  for (const line of conclusion(outcome, record, log)) console.log(`  ${line}`);
  console.log();
  return outcome === 'current' ? 0 : 1;
}

/** Shows each step as it ends. */
async function watched(
  { secretName, versionId }: RotationRecord,
  watch: (onStep: (step: StepRecord) => void) => Promise<WatchOutcome>,
): Promise<WatchOutcome> {
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
