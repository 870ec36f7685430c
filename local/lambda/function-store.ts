import { FunctionProcess } from './function-process.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { StartFunction } from './running-function.ts';

/** The functions of one account, by name. */
export class FunctionStore {
  readonly #functions = new Map<string, LambdaFunction>();
  #removed: Promise<unknown> = Promise.resolve();

  /** @param start runs a function's code. @default a process of its own */
  constructor(readonly start: StartFunction = (options) => new FunctionProcess(options)) {}

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

  /** Stops every function's processes and removes their unzipped code. */
  async close(): Promise<void> {
    for (const each of this.all()) this.remove(each);
    await this.#removed;
  }
}
