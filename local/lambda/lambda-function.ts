import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Account, Caller } from '../account.ts';
import type { FunctionFailure } from '../account-events.ts';
import { AwsError } from '../aws-error.ts';
import { assumedRole, mayAssume } from '../iam/assume-role.ts';
import type { Settings } from './fields.ts';
import { functionEnvironment } from './function-environment.ts';
import type { FunctionSession } from './function-store.ts';
import { LogStream } from './log-stream.ts';
import type { RunningFunction } from './running-function.ts';
import { sendTraces } from './send-traces.ts';

/** What Lambda stores of a function, in Lambda's own field names. */
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

/** One statement of a function's resource policy, as AddPermission was given it. */
export interface PermissionStatement {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string | undefined;
  readonly SourceAccount?: string | undefined;
}

/** What an invocation ends with: what the handler returned, or why there is nothing. */
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

/** A function and its processes: one for each invocation at a time, kept warm for the next. */
export class LambdaFunction {
  readonly statements: PermissionStatement[] = [];
  readonly tags = new Map<string, string>();
  /** How many executions are kept for it; absent where that was not said. */
  reservedConcurrency: number | undefined;
  codeSigningConfigArn: string | undefined;
  /** The newest lines that the function wrote and its role may log, at most 1,000. */
  readonly logLines: LogLine[] = [];
  readonly #account: Account;
  readonly #processes = new Map<RunningFunction, FunctionSession>();
  #configuration: FunctionConfiguration;
  #codeFolder: string;
  #retired: Promise<unknown> = Promise.resolve();

  /** @param codeFolder where the archive was unzipped; it is the function's from here on */
  constructor(configuration: FunctionConfiguration, codeFolder: string, account: Account) {
    this.#configuration = configuration;
    this.#codeFolder = codeFolder;
    this.#account = account;
  }

  get configuration(): FunctionConfiguration {
    return this.#configuration;
  }

  /** Changes what the next invocation runs; a process of before handles its event to the end, and no other. */
  update(configuration: FunctionConfiguration, codeFolder = this.#codeFolder): void {
    const folder = this.#codeFolder;
    // Those that handle an event stay known: whoever closes or deletes the function does not wait for them.
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

  /** The function's role, as CloudTrail shows it: the session is named after the function. */
  get caller(): Caller {
    return assumedRole(this.configuration.Role, this.configuration.FunctionName, this.#account);
  }

  /** The text of those lines. */
  get log(): string[] {
    return this.logLines.map(({ message }) => message);
  }

  /** @throws AccessDeniedException the role is gone, or no longer trusts Lambda. */
  async invoke(payload: unknown): Promise<InvocationResult> {
    if (!mayAssume(this.#account, { roleArn: this.configuration.Role, service: 'lambda.amazonaws.com' })) {
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
      );
    }
    const idle = [...this.#processes].find(([each]) => each.isIdle);
    const [chosen, session] = idle ?? this.#startProcess();
    const result = await chosen.invoke({ requestId: randomUUID(), payload });
    if (chosen.isStopped) this.#processes.delete(chosen);
    if (this.configuration.TracingConfig.Mode === 'Active') sendTraces(session, this.#account);
    return result;
  }

  /** Ends the processes that it has now, at once, whatever they do. */
  async kill(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((each) => each.stop()));
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#retired;
    await remove(this.#codeFolder);
  }

  #startProcess(): [RunningFunction, FunctionSession] {
    const [configuration, codeFolder, account] = [this.#configuration, this.#codeFolder, this.#account];
    const session = { caller: this.caller, roleArn: configuration.Role, kill: () => started.stop() };
    const environment = functionEnvironment(configuration, account.functions.addSession(session), account);
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

  #keep(line: string, logStreamName: string): void {
    const timestampMs = this.#account.clock.now().getTime();
    this.logLines.push({ eventId: randomUUID(), logStreamName, timestampMs, message: line });
    if (this.logLines.length > KEPT_LOG_LINES) this.logLines.shift();
    this.#account.events.emit('functionLog', { functionName: this.configuration.FunctionName, line });
  }
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
