import type { RoleSession } from '../permissions/role-session.ts';
import { FunctionProcess } from './function-process.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { StartFunction } from './running-function.ts';

/** One process of a function, as AWS sees it: the function's role, with its own access key. */
export interface FunctionSession extends RoleSession {
  /** Ends the process at once, as when it runs out of memory. */
  kill(): Promise<void>;
}

/** The functions of one account, by name. */
export class FunctionStore {
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #sessions = new Map<string, FunctionSession>();
  #removed: Promise<unknown> = Promise.resolve();

  /** @param start runs a function's code. @default a process of its own */
  constructor(readonly start: StartFunction = (options) => new FunctionProcess(options)) {}

  /** Adds the session of one process. @returns its access key id, which is unique and clearly not a real one */
  addSession(session: FunctionSession): string {
    const accessKeyId = `local-function-${this.#sessions.size + 1}`;
    this.#sessions.set(accessKeyId, session);
    return accessKeyId;
  }

  add(lambdaFunction: LambdaFunction): void {
    this.#functions.set(lambdaFunction.configuration.FunctionName, lambdaFunction);
  }

  /** Ends the function's processes, and removes its unzipped code. */
  remove(lambdaFunction: LambdaFunction): void {
    this.#functions.delete(lambdaFunction.configuration.FunctionName);
    this.#removed = Promise.all([this.#removed, lambdaFunction.close()]);
  }

  all(): LambdaFunction[] {
    return [...this.#functions.values()];
  }

  /** @param nameOrArn the function's name or its unqualified ARN. */
  find(nameOrArn: string): LambdaFunction | undefined {
    const byName = this.#functions.get(nameOrArn);
    if (byName) return byName;
    return this.all().find(({ configuration }) => configuration.FunctionArn === nameOrArn);
  }

  loggingTo(logGroupName: string): LambdaFunction[] {
    return this.all().filter(({ configuration }) => configuration.LoggingConfig.LogGroup === logGroupName);
  }

  /** Whose access key id this is. Also works after the process has ended, because a call may still be on its way. */
  sessionOf(accessKeyId: string): FunctionSession | undefined {
    return this.#sessions.get(accessKeyId);
  }

  /** Stops every function's processes and removes their unzipped code. */
  async close(): Promise<void> {
    for (const each of this.all()) this.remove(each);
    await this.#removed;
  }
}
