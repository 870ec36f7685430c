import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Account, Caller } from '../account.ts';
import type { FunctionFailure } from '../account-events.ts';
import { AwsError } from '../aws-error.ts';
import { embeddedMetrics } from '../cloudwatch/embedded-metrics.ts';
import { assumedRole, mayAssume } from '../iam/assume-role.ts';
import type { RoleSession } from '../permissions/role-session.ts';
import type { Settings } from './fields.ts';
import { functionEnvironment } from './function-environment.ts';
import { LogStream } from './log-stream.ts';
import type { RunningFunction } from './running-function.ts';
import { sendTraces } from './send-traces.ts';

/** What Lambda stores about a function, with Lambda's own field names. */
export interface FunctionConfiguration {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly Role: string;
  readonly Handler: string;
  readonly Runtime: string;
  readonly Description: string;
  /** Seconds. */
  readonly Timeout: number;
  /** MB. */
  readonly MemorySize: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly LoggingConfig: { readonly LogFormat: 'JSON' | 'Text'; readonly LogGroup: string };
  readonly TracingConfig: { readonly Mode: 'Active' | 'PassThrough' };
  readonly Architectures: readonly ('arm64' | 'x86_64')[];
  readonly EphemeralStorage: { readonly Size: number };
  readonly VpcConfig?: Settings['VpcConfig'];
  readonly KMSKeyArn?: string;
  readonly LastModified: string;
  /** SHA-256 of the zip, in base64. */
  readonly CodeSha256: string;
  /** Bytes of the zip. */
  readonly CodeSize: number;
}

/** One statement of a function's resource policy, as it was sent to AddPermission. */
export interface PermissionStatement {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string | undefined;
  readonly SourceAccount?: string | undefined;
}

/** The result of an invocation: what the handler returned, or why it failed. */
export type InvocationResult = { readonly payload: unknown } | { readonly failure: FunctionFailure };

/** One line that a function wrote, as CloudWatch Logs keeps it. */
export interface LogLine {
  readonly eventId: string;
  readonly logStreamName: string;
  /** Milliseconds since 1970, on the account's clock. */
  readonly timestampMs: number;
  readonly message: string;
}

const KEPT_LOG_LINES = 1000;

/** A function and its processes. Each process handles one invocation at a time, and stays warm for the next. */
export class LambdaFunction {
  readonly statements: PermissionStatement[] = [];
  readonly tags = new Map<string, string>();
  /** Its reserved concurrent executions. Absent if it has none. */
  reservedConcurrency: number | undefined;
  codeSigningConfigArn: string | undefined;
  /** The zip that its code came from. */
  archive: Uint8Array | undefined;
  /** The newest lines that the function wrote and its role may log: at most 1,000. */
  readonly logLines: LogLine[] = [];
  readonly #account: Account;
  readonly #processes = new Map<RunningFunction, RoleSession>();
  #configuration: FunctionConfiguration;
  #codeFolder: string;
  #retired: Promise<unknown> = Promise.resolve();

  /** @param codeFolder where the archive was unzipped. The function removes it in the end. */
  constructor(configuration: FunctionConfiguration, codeFolder: string, account: Account) {
    this.#configuration = configuration;
    this.#codeFolder = codeFolder;
    this.#account = account;
  }

  get configuration(): FunctionConfiguration {
    return this.#configuration;
  }

  /** Changes what the next invocation runs. An older process finishes its event, and takes no other. */
  update(configuration: FunctionConfiguration, codeFolder = this.#codeFolder): void {
    const folder = this.#codeFolder;
    // Processes that handle an event stay in the map, so that closing or deleting the function can stop them.
    const retired = [...this.#processes.keys()].map(async (each) => {
      await each.retire();
      this.#processes.delete(each);
    });
    this.#retired = Promise.all([this.#retired, ...retired]).then(() => {
      if (codeFolder !== folder) return remove(folder);
    });
    this.#configuration = configuration;
    this.#codeFolder = codeFolder;
  }

  /** The function's role, as CloudTrail shows it. The session has the function's name. */
  get caller(): Caller {
    return assumedRole(this.configuration.Role, this.configuration.FunctionName, this.#account);
  }

  /** The text of those lines. */
  get log(): string[] {
    return this.logLines.map(({ message }) => message);
  }

  /**
   * @throws AccessDeniedException the role is gone, or no longer trusts Lambda.
   * @throws TooManyRequestsException its reserved concurrency is 0, so nothing may run it.
   */
  async invoke(payload: unknown): Promise<InvocationResult> {
    if (
      !mayAssume(this.#account, { roleArn: this.configuration.Role, principal: { service: 'lambda.amazonaws.com' } })
    ) {
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
      );
    }
    if (this.reservedConcurrency === 0) {
      this.#count('Throttles', 1);
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    const idle = [...this.#processes].find(([each]) => each.isIdle);
    const [chosen, session] = idle ?? this.#startProcess();
    const result = await chosen.invoke({ requestId: randomUUID(), payload });
    this.#count('Errors', 'failure' in result ? 1 : 0);
    if (chosen.isStopped) this.#processes.delete(chosen);
    if (this.configuration.TracingConfig.Mode === 'Active') sendTraces(session, this.#account);
    return result;
  }

  /** Stops all its processes at once, whatever they are doing. */
  async kill(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((each) => each.stop()));
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#retired;
    await remove(this.#codeFolder);
  }

  #startProcess(): [RunningFunction, RoleSession] {
    const [configuration, codeFolder, account] = [this.#configuration, this.#codeFolder, this.#account];
    const session = { caller: this.caller, roleArn: configuration.Role, kill: () => started.stop() };
    const environment = functionEnvironment(configuration, account.sessions.add(session), account);
    const logGroupName = configuration.LoggingConfig.LogGroup;
    const logStreamName = environment.AWS_LAMBDA_LOG_STREAM_NAME ?? '';
    const log = new LogStream({ session, logGroupName, logStreamName, account });
    const started = account.functions.start({
      functionArn: configuration.FunctionArn,
      timeoutSeconds: configuration.Timeout,
      codeFolder,
      environment,
      onLine: (line) => log.write() && this.#keep(line, logStreamName),
    });
    this.#processes.set(started, session);
    return [started, session];
  }

  /** One point of one of Lambda's own metrics. */
  #count(name: 'Errors' | 'Throttles', value: number): void {
    const dimensions = { FunctionName: this.configuration.FunctionName };
    const atMs = this.#account.clock.now().getTime();
    this.#account.alarms.record({ namespace: 'AWS/Lambda', name, dimensions, value, atMs });
  }

  #keep(line: string, logStreamName: string): void {
    const timestampMs = this.#account.clock.now().getTime();
    this.logLines.push({ eventId: randomUUID(), logStreamName, timestampMs, message: line });
    if (this.logLines.length > KEPT_LOG_LINES) this.logLines.shift();
    for (const point of embeddedMetrics(line)) this.#account.alarms.record(point);
    this.#account.events.emit('functionLog', { functionName: this.configuration.FunctionName, line });
  }
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
