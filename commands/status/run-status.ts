import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWERS_WITHIN } from '../answers-within.ts';
import { clearReason } from '../rotate/clear-reason.ts';
import { spelled } from '../spelling.ts';
import { UsageError } from '../usage-error.ts';
import type { Status } from './read-status.ts';
import { stackSecrets } from './stack-secrets.ts';
import { statusTable } from './status-table.ts';

export interface StatusCommandOptions {
  /** The folder of a synthesized stack. */
  readonly stack?: string;
  readonly except?: readonly string[];
  readonly json?: boolean;
  /** Seconds between two looks; `true` for the default. */
  readonly watch?: string | true;
}

const NEEDS = 'secretsmanager:ListSecrets, DescribeSecret and ListSecretVersionIds, and logs:FilterLogEvents';

/**
 * Shows how the rotations of all secrets fare: below a prefix, of a stack, or all that rotate. No value is read.
 * @returns the exit code: 1 if a secret needs attention
 */
export async function runStatus(prefixes: readonly string[], options: StatusCommandOptions): Promise<number> {
  const prefix = checkedPrefix(prefixes, options);
  const everySeconds = checkedWatch(options.watch);
  const { secretIds, unknown = 0 } = options.stack === undefined ? {} : stackSecrets(options.stack);
  const stackNote =
    unknown > 0
      ? [`${unknown} of the stack's secrets have names that only Terraform knows. Ask for them by prefix.`]
      : [];
  const { SecretsManagerClient, CloudWatchLogsClient, readStatus } = await withAwsSdk();
  const secretsManager = new SecretsManagerClient(ANSWERS_WITHIN);
  const logs = new CloudWatchLogsClient(ANSWERS_WITHIN);
  const region = await secretsManager.config.region().catch(() => {
    throw new UsageError('No AWS region is set. Set AWS_REGION, or the region of your profile.');
  });
  const look = async (): Promise<number> => {
    const asked = { secretsManager, logs, prefix, secretIds, except: options.except ?? [] };
    const status = await readStatus(asked).catch((error: unknown) => {
      const reason = clearReason(error, { secretId: prefix ?? '', region, needs: NEEDS });
      throw new UsageError(`Nothing was checked. ${reason}`);
    });
    refuseNone(status, { prefix, stack: options.stack, region });
    print({ ...status, notes: [...stackNote, ...status.notes] }, { ...options, region });
    return status.secrets.some(({ findings }) => findings.length > 0) ? 1 : 0;
  };
  const exitCode = await look();
  if (everySeconds === undefined) return exitCode;
  for (;;) {
    await sleep(everySeconds * 1_000);
    // What goes wrong now may be over at the next look.
    await look().catch((error: Error) => process.stderr.write(`${error.message}\n`));
  }
}

function checkedPrefix(prefixes: readonly string[], { stack }: StatusCommandOptions): string | undefined {
  const [prefix, ...more] = prefixes;
  if (more.length > 0) {
    throw new UsageError(`Expected one prefix, found ${prefixes.length}: ${spelled('status', 'my-app/')}`);
  }
  if (prefix !== undefined && stack !== undefined) {
    throw new UsageError('Found a prefix and --stack. Expected one of them.');
  }
  // AWS takes a leading ! for "not".
  if (prefix === undefined || /^[\w/+=.@-][\w/+=.@!-]{0,511}$/.test(prefix)) return prefix;
  throw new UsageError(
    `The prefix is "${prefix}". Expected how names of secrets begin, such as my-app/: ASCII letters, digits and any of -/_+=.@`,
  );
}

function checkedWatch(watch: string | true | undefined): number | undefined {
  if (watch === undefined) return undefined;
  const seconds = watch === true ? 30 : Number(watch);
  if (Number.isInteger(seconds) && seconds >= 5 && seconds <= 86_400) return seconds;
  throw new UsageError(`--watch is "${watch}". Expected a whole number of seconds from 5 to 86400.`);
}

function refuseNone(
  { secrets }: Status,
  { prefix, stack, region }: { prefix: string | undefined; stack: string | undefined; region: string },
): void {
  if (secrets.length > 0) return;
  const where = `in ${region}. Check the region, and whose credentials these are.`;
  if (stack !== undefined) throw new UsageError(`Nothing was checked: no secret rotates in the stack ${stack}.`);
  if (prefix === undefined) throw new UsageError(`Nothing was checked: no secret rotates ${where}`);
  throw new UsageError(`Nothing was checked: no secret has a name that begins with "${prefix}" ${where}`);
}

function print(status: Status, { json, watch, region }: StatusCommandOptions & { readonly region: string }): void {
  if (json) {
    console.log(JSON.stringify({ region, ...status }));
    return;
  }
  // From the top, as `watch` does it.
  if (watch !== undefined && process.stdout.isTTY) process.stdout.write('\u001B[2J\u001B[3J\u001B[H');
  console.log(statusTable(status, new Date()));
}

async function withAwsSdk() {
  const [{ SecretsManagerClient }, { CloudWatchLogsClient }, { readStatus }] = await Promise.all([
    import('@aws-sdk/client-secrets-manager'),
    import('@aws-sdk/client-cloudwatch-logs'),
    import('./read-status.ts'),
  ]);
  return { SecretsManagerClient, CloudWatchLogsClient, readStatus };
}
