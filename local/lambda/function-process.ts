import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationResult } from './lambda-function.ts';
import type { RunningFunction } from './running-function.ts';
import { RuntimeApi } from './runtime-api.ts';

const RUNTIME_CLIENT = createRequire(import.meta.url).resolve('#runtime-client');
/** Lambda gives a process ten seconds to load its handler. */
const INIT_SECONDS = 10;

export interface FunctionProcessOptions {
  readonly functionArn: string;
  readonly timeoutSeconds: number;
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called with each line that the process writes to its standard output or error. */
  onLine(line: string): void;
  /** What runs the handler, as arguments of `node`. @default our own runtime client */
  readonly runtime?: readonly string[];
}

/** One `node` process that runs the handler, one event at a time. */
export class FunctionProcess implements RunningFunction {
  readonly #options: FunctionProcessOptions;
  readonly #api: RuntimeApi;
  readonly #started: Promise<ChildProcess>;
  readonly #exited: Promise<string>;
  #handling: Promise<unknown> | undefined;
  #retired = false;
  #stopped = false;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    // Lambda's own runtime client takes `host:port` and no path.
    this.#api = new RuntimeApi({ hasSecretPath: options.runtime === undefined });
    this.#started = this.#start();
    this.#exited = this.#exit();
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  get isIdle(): boolean {
    return !this.#handling && !this.#retired && !this.#stopped;
  }

  /** Gives the event to the handler, and waits until the process asks for the next one, ends, or runs out of time. */
  async invoke(event: { requestId: string; payload: unknown }): Promise<InvocationResult> {
    const handling = this.#handle(event);
    this.#handling = handling;
    return handling.finally(() => {
      this.#handling = undefined;
    });
  }

  async #handle({ requestId, payload }: { requestId: string; payload: unknown }): Promise<InvocationResult> {
    const { functionArn, timeoutSeconds } = this.#options;
    let limitSeconds = INIT_SECONDS;
    let ended = await this.#within(limitSeconds);
    if (ended === 'asked') {
      limitSeconds = timeoutSeconds;
      this.#api.give({ requestId, functionArn, payload, deadlineMs: Date.now() + timeoutSeconds * 1000 });
      ended = await this.#within(limitSeconds);
    }
    if (ended === 'timed out') {
      await this.stop();
      return failure(
        'Sandbox.Timedout',
        `RequestId: ${requestId} Error: Task timed out after ${limitSeconds.toFixed(2)} seconds`,
      );
    }
    return this.#api.posted ?? failure('Runtime.ExitError', `RequestId: ${requestId} Error: ${ended}`);
  }

  /** Takes no more events, and stops as soon as the current one is handled. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.#handling;
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    (await this.#started).kill('SIGKILL');
    await this.#exited;
  }

  /** What happens first: `asked` for an event, `timed out`, or the reason why the process ended. */
  async #within(seconds: number): Promise<string> {
    const timer = new AbortController();
    try {
      return await Promise.race([
        this.#api.asked().then(() => 'asked'),
        this.#exited,
        sleep(seconds * 1000, 'timed out', { signal: timer.signal }),
      ]);
    } finally {
      timer.abort();
    }
  }

  async #start(): Promise<ChildProcess> {
    const { codeFolder, environment, onLine, runtime = [RUNTIME_CLIENT] } = this.#options;
    const child = spawn(process.execPath, runtime, {
      cwd: codeFolder,
      env: { ...environment, LAMBDA_TASK_ROOT: codeFolder, AWS_LAMBDA_RUNTIME_API: await this.#api.listen() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [child.stdout, child.stderr]) createInterface(output).on('line', onLine);
    return child;
  }

  async #exit(): Promise<string> {
    const [status, signal] = await once(await this.#started, 'close');
    this.#stopped = true;
    this.#api.close();
    if (signal) return `Runtime exited with error: signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
    return status === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: exit status ${status}`;
  }
}

function failure(errorType: string, errorMessage: string): InvocationResult {
  return { failure: { errorType, errorMessage } };
}
