import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import fs, { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import tls from 'node:tls';
import { Script } from 'node:vm';
import type { FunctionProcessOptions } from '../local/lambda/function-process.ts';
import type { InvocationResult } from '../local/lambda/lambda-function.ts';
import type { RunningFunction, StartFunction } from '../local/lambda/running-function.ts';

type Handler = (event: unknown, context: object) => unknown;

/** How functions under test run: in this process, unless `ROTAFORM_PROCESSES=1` asks for real ones. */
export const startInProcess: StartFunction | undefined = process.env.ROTAFORM_PROCESSES
  ? undefined
  : (options) => new InProcessFunction(options);

/** What a function listens to on its process is not told to others. */
const LISTENS = ['on', 'once', 'addListener', 'prependListener', 'off', 'removeListener'] as const;

/** Whose code runs at the moment. */
const running = new AsyncLocalStorage<InProcessFunction>();
let count = 0;

/**
 * A function whose code runs in this process, in a tenth of the time that a process of its own takes to start: with its own
 * modules, environment, console and connections. It is killed by cutting it off: its connections end, it opens no others,
 * and nobody hears from it again. Whatever is about the process itself (its exit, an endless loop) takes a real one.
 */
export class InProcessFunction implements RunningFunction {
  readonly #options: FunctionProcessOptions;
  readonly #id = ++count;
  readonly #sockets = new Set<Socket>();
  readonly #output = new Writable({
    decodeStrings: false,
    write: (text, _encoding, written) => {
      this.#print(String(text));
      written();
    },
  });
  readonly #console: Console;
  readonly #stop = new AbortController();
  #handler: Handler | undefined;
  #handling: Promise<unknown> | undefined;
  #isRetired = false;
  #pool: Pool | undefined;
  #extraRoots: string | undefined;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    this.#console = new Console(this.#output);
    separateConnections();
  }

  /** Sets the connections of this function apart from those of others. */
  get connectionPool(): string {
    return `function-${this.#id}`;
  }

  /** What Node.js reads once, when a process starts. */
  get extraRoots(): string | undefined {
    const { NODE_EXTRA_CA_CERTS: file } = this.#options.environment;
    if (file !== undefined) this.#extraRoots ??= readFileSync(file, 'utf8');
    return this.#extraRoots;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  get isIdle(): boolean {
    return !this.#handling && !this.#isRetired && !this.isStopped;
  }

  invoke({ requestId, payload }: { requestId: string; payload: unknown }): Promise<InvocationResult> {
    const handling = this.#handle(requestId, payload);
    this.#handling = handling;
    return handling.finally(() => {
      this.#handling = undefined;
    });
  }

  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#handling;
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const socket of this.#sockets) socket.destroy();
    this.#pool?.destroy().catch(() => {});
  }

  /** A connection that this function opens. */
  own(socket: Socket): void {
    if (this.isStopped) process.nextTick(() => socket.destroy(new Error('The function was killed.')));
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #handle(requestId: string, payload: unknown): Promise<InvocationResult> {
    const { timeoutSeconds } = this.#options;
    const { signal } = this.#stop;
    const over = new AbortController();
    const ended = new Promise<InvocationResult>((resolve) => {
      const end = (errorType: string, reason: string) =>
        resolve({ failure: { errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` } });
      const kill = () => end('Runtime.ExitError', 'Runtime exited with error: signal: killed');
      signal.addEventListener('abort', kill, { once: true, signal: over.signal });
      const timer = setTimeout(() => {
        end('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
        this.stop();
      }, timeoutSeconds * 1000);
      over.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    try {
      return await Promise.race([ended, running.run(this, () => this.#run(requestId, payload))]);
    } finally {
      over.abort();
    }
  }

  async #run(requestId: string, payload: unknown): Promise<InvocationResult> {
    const { functionArn, timeoutSeconds, environment } = this.#options;
    const deadlineMs = Date.now() + timeoutSeconds * 1000;
    const context = {
      functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
      invokedFunctionArn: functionArn,
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    };
    try {
      this.#handler ??= this.#load();
      return { payload: asJson((await this.#handler(asJson(payload), context)) ?? null) };
    } catch (error) {
      const { errorType, errorMessage, trace } = described(error);
      this.#console.error(`Invoke Error\t${JSON.stringify({ errorType, errorMessage, trace })}`);
      return { failure: { errorType, errorMessage } };
    }
  }

  /** Runs the module, as a new process does. */
  #load(): Handler {
    const { codeFolder, environment } = this.#options;
    const file = path.join(codeFolder, 'index.js');
    const events = new EventEmitter();
    const ownProcess = Object.create(process, {
      ...Object.fromEntries(LISTENS.map((name) => [name, { value: events[name].bind(events) }])),
      env: { value: { ...environment } },
      stdout: { value: this.#output },
      stderr: { value: this.#output },
      exit: { value: () => this.stop() },
      emitWarning: { value: (warning: unknown) => this.#console.error(String(warning)) },
    });
    const module: { exports: { handler?: Handler } } = { exports: {} };
    const compiled = compile(readFileSync(file, 'utf8'));
    const requireShared = createRequire(file);
    const ownFs = { ...fs };
    const requireOwn = (id: string) => (id === 'node:fs' ? ownFs : requireShared(id));
    compiled(module.exports, requireOwn, module, ownProcess, this.#console, this.#fetch);
    if (module.exports.handler === undefined) throw new Error('index.handler is undefined or not exported');
    return module.exports.handler;
  }

  /** The connections of `fetch` are everybody's, unless it is given a pool. */
  readonly #fetch = (input: string | URL, init?: object): Promise<Response> => {
    this.#pool ??= ownPool();
    return fetch(input, { ...init, dispatcher: this.#pool } as RequestInit);
  };

  #print(text: string): void {
    if (this.isStopped) return;
    for (const line of text.replace(/\n$/, '').split('\n')) running.exit(() => this.#options.onLine(line));
  }
}

type Module = (...globals: unknown[]) => void;

const modules = new Map<string, Module>();

/** The code as a function of what a module finds around it: compiled once. */
function compile(code: string): Module {
  const known = modules.get(code);
  if (known) return known;
  const script = new Script(`(function (exports, require, module, process, console, fetch) {${code}\n})`);
  const made: Module = script.runInThisContext();
  modules.set(code, made);
  return made;
}

let isSeparated = false;

/** Gives each function its own connections, which can be cut, and its own roots: sockets have owners, pools have names. */
function separateConnections(): void {
  if (isSeparated) return;
  isSeparated = true;
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    running.getStore()?.own(this);
    return Reflect.apply(connect, this, args);
  };
  for (const agent of [http.globalAgent, https.globalAgent]) {
    const getName = agent.getName.bind(agent);
    agent.getName = (options) => `${getName(options)}${running.getStore()?.connectionPool ?? ''}`;
  }
  const { createSecureContext } = tls;
  tls.createSecureContext = (options = {}) => {
    const made = createSecureContext(options);
    const { extraRoots } = running.getStore() ?? {};
    if (extraRoots !== undefined && options.ca === undefined) made.context.addCACert(extraRoots);
    return made;
  };
}

interface Pool {
  destroy(): Promise<void>;
}

/** @see https://undici.nodejs.org, of which Node.js shows nothing but the pool that everybody uses */
function ownPool(): Pool {
  void globalThis.Response; // Loads it.
  const shared: Pool = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
  return Reflect.construct(shared.constructor, []);
}

/** What is left of a value on its way through JSON. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function described(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
