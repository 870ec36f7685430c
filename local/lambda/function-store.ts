import type { Caller } from '../account.ts';
import type { LambdaFunction } from './lambda-function.ts';

/** The functions of one account, each under its name. */
export class FunctionStore {
  readonly #functions = new Map<string, LambdaFunction>();
  #created = 0;

  /** An access key id for one more function: obviously no real one, and no other function's. */
  nextAccessKeyId(): string {
    this.#created += 1;
    return `local-function-${this.#created}`;
  }

  add(lambdaFunction: LambdaFunction): void {
    this.#functions.set(lambdaFunction.configuration.FunctionName, lambdaFunction);
  }

  /** @param nameOrArn the function's name or its unqualified ARN. */
  find(nameOrArn: string): LambdaFunction | undefined {
    const byName = this.#functions.get(nameOrArn);
    if (byName) return byName;
    return [...this.#functions.values()].find(({ configuration }) => configuration.FunctionArn === nameOrArn);
  }

  /** Whose calls an access key id signs: the assumed role of the function that was given it. */
  callerOf(accessKeyId: string): Caller | undefined {
    return [...this.#functions.values()].find((each) => each.accessKeyId === accessKeyId)?.caller;
  }

  /** Stops every function's processes and removes their unzipped code. */
  async close(): Promise<void> {
    const functions = [...this.#functions.values()];
    this.#functions.clear();
    await Promise.all(functions.map((each) => each.close()));
  }
}
