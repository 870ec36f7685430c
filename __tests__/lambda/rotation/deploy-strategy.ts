import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { strToU8, zipSync } from 'fflate';
import { expect, onTestFinished, vi } from 'vitest';
import type { AccountEvents, RotationStep } from '../../../local/account-events.ts';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import type { InvocationResult } from '../../../local/lambda/lambda-function.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { archiveOf } from '../../../testing/archive-of.ts';
import { deployFunction } from '../../../testing/deploy-function.ts';
import { startInProcess } from '../../../testing/in-process-function.ts';
import { sdkClient } from '../../local/secrets-manager/running-account.ts';

export const SECRET_NAME = 'my-app/login';

export interface DeployStrategyOptions {
  /** The function's source, from the project's folder. */
  readonly entry: string;
  /** @default no value at all */
  readonly secretString?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** @default 10 */
  readonly timeoutSeconds?: number;
  /** How often Secrets Manager tries the four steps. @default 1 */
  readonly attempts?: number;
  /** What the function's role may do with secrets. @default everything */
  readonly actions?: readonly string[];
  /** Whether the function runs in processes of its own, for what is about the process. @default false */
  readonly ownProcesses?: boolean;
}

/** One line that a rotation function wrote. */
export type LogLine = Readonly<Record<string, unknown>>;

export type DeployedStrategy = Awaited<ReturnType<typeof deployStrategy>>;

/**
 * A secret in an account of its own, and the function that rotates it, as esbuild makes it. When the test ends everything is
 * stopped, and no log line, event or answer may hold a secret value.
 */
export async function deployStrategy({
  entry,
  secretString,
  environment = {},
  timeoutSeconds = 10,
  attempts = 1,
  actions = ['secretsmanager:*'],
  ownProcesses = false,
}: DeployStrategyOptions) {
  // Our own functions as they are deployed. First: while it is built, open connections would end for want of an answer.
  const archive = archiveOf(entry, entry.startsWith('lambda/'));
  const startFunction = ownProcesses ? undefined : startInProcess;
  const aws = await localAws({ rotation: { attempts, retryDelaySeconds: 0 }, startFunction });
  const { account } = aws;
  const client = sdkClient(aws);
  const outputs: string[] = watch(aws);
  const calls: string[] = [];
  account.events.on('call', ({ service, action, caller, errorCode }) => {
    if (service === 'secretsmanager' && caller.arn.includes(':assumed-role/'))
      calls.push(errorCode ? `${action}: ${errorCode}` : action);
  });
  onTestFinished(async () => {
    const values = await passwordsOf(aws);
    client.destroy();
    await aws.close();
    for (const value of values) expect(outputs.filter((output) => output.includes(value))).toEqual([]);
  });

  const { ARN: secretArn = '' } = await client.send(
    new CreateSecretCommand({ Name: SECRET_NAME, ...(secretString !== undefined && { SecretString: secretString }) }),
  );
  const functionArn = await deployFunction(account, {
    archive,
    environment,
    timeoutSeconds,
    actions,
  });

  async function rotate(input: Partial<RotateSecretCommandInput> = {}) {
    const command = new RotateSecretCommand({ SecretId: secretArn, RotationLambdaARN: functionArn, ...input });
    const { VersionId: versionId = '' } = await client.send(command);
    return { versionId, outcome: await aws.rotationSettled(secretArn) };
  }

  async function invoke(payload: unknown): Promise<InvocationResult> {
    const result = await invokeFunction(account, { functionArn, payload });
    outputs.push(JSON.stringify(result));
    return result;
  }

  return {
    aws,
    client,
    secretArn,
    functionArn,
    /** The calls that functions made, in order; with the error's code if one was refused. */
    calls,
    /** Starts a rotation and waits for its end. */
    rotate,

    /** Leaves a rotation at its beginning, its version `AWSPENDING` and empty; resolves to the version's id. */
    async pendingVersion(): Promise<string> {
      const code = 'exports.handler = async () => { throw new Error("not yet"); };';
      const archive = zipSync({ 'index.js': strToU8(code) });
      const RotationLambdaARN = await deployFunction(account, { archive, environment: {}, timeoutSeconds: 10 });
      const { versionId } = await rotate({ RotationLambdaARN });
      return versionId;
    },

    /** Invokes the function by hand. */
    invoke,

    /** Invokes the function for one step by hand. */
    step(Step: RotationStep, versionId: string): Promise<InvocationResult> {
      return invoke({ Step, SecretId: secretArn, ClientRequestToken: versionId });
    },

    /** What the version with the label holds, or that of an id. */
    async value(which = 'AWSCURRENT'): Promise<string | undefined> {
      const key = /^AWS|_/.test(which) ? 'VersionStage' : 'VersionId';
      const found = await client.send(new GetSecretValueCommand({ SecretId: secretArn, [key]: which }));
      return found.SecretString;
    },

    /** The labels of every version that has one or more. */
    async labels(): Promise<Record<string, string[] | undefined>> {
      const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: secretArn }));
      return Object.fromEntries(
        Versions.map(({ VersionId = '', VersionStages }) => [VersionId, VersionStages?.sort()]),
      );
    },

    /** The structured lines that the function wrote, as soon as there are so many. */
    async log(count: number): Promise<LogLine[]> {
      return vi.waitFor(() => {
        const { log } = account.functions.find(functionArn) ?? { log: [] };
        const lines = log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
        expect(lines).toHaveLength(count);
        return lines;
      });
    },
  };
}

/** Collects whatever leaves the account: every event, every line of every function. */
function watch({ account }: LocalAws): string[] {
  const outputs: string[] = [];
  const names: readonly (keyof AccountEvents)[] = [
    'call',
    'functionLog',
    'rotationStarted',
    'rotationStepStarted',
    'rotationStepEnded',
    'rotationSucceeded',
    'rotationFailed',
  ];
  for (const name of names) {
    account.events.on(name, (event: AccountEvents[typeof name][0]) =>
      outputs.push('line' in event ? event.line : JSON.stringify(event)),
    );
  }
  return outputs;
}

/** Every password that the account stores or stored: strings in fields of that name, and secrets that are one string. */
async function passwordsOf(aws: LocalAws): Promise<string[]> {
  const client = sdkClient(aws);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
  const values: string[] = [];
  for (const { ARN: SecretId } of SecretList) {
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }));
    for (const { VersionId } of Versions) {
      const found = await client.send(new GetSecretValueCommand({ SecretId, VersionId })).catch(() => undefined);
      if (found?.SecretString !== undefined) values.push(...passwordsIn(found.SecretString));
    }
  }
  client.destroy();
  return values;
}

function passwordsIn(secretString: string): string[] {
  try {
    const document: unknown = JSON.parse(secretString);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      const fields = Object.entries(document).filter(([name]) => /password/i.test(name));
      return fields.map(([, value]) => value).filter((value) => typeof value === 'string' && value !== '');
    }
  } catch {
    // Not JSON: the whole string is the password.
  }
  return [secretString];
}
