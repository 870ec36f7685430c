import type { Definition } from './definition.ts';

export interface Machine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** JSON, as it was given. */
  readonly text: string;
  readonly definition: Definition;
  readonly createdDate: Date;
  readonly tags: Map<string, string>;
}

/** The state machines of one account, by ARN. */
export class MachineStore {
  readonly #machines = new Map<string, Machine>();

  add(machine: Machine): void {
    this.#machines.set(machine.arn, machine);
  }

  all(): Machine[] {
    return [...this.#machines.values()];
  }

  find(arn: string): Machine | undefined {
    return this.#machines.get(arn);
  }

  remove(arn: string): void {
    this.#machines.delete(arn);
  }

  clear(): void {
    this.#machines.clear();
  }
}
