import type { Account } from '../account.ts';
import type { ScheduleSettings } from './fields.ts';
import { invokeTarget } from './invoke-target.ts';

/** One schedule of EventBridge Scheduler. It invokes its target once every interval after it was created or changed. */
export class Schedule {
  readonly arn: string;
  readonly createdDate: Date;
  #settings: ScheduleSettings;
  #cancel = () => {};

  constructor(
    readonly name: string,
    settings: ScheduleSettings,
    private readonly account: Account,
  ) {
    this.arn = `arn:${account.partition}:scheduler:${account.region}:${account.id}:schedule/default/${name}`;
    this.createdDate = account.clock.now();
    this.#settings = settings;
    this.#plan(this.createdDate);
  }

  get settings(): ScheduleSettings {
    return this.#settings;
  }

  change(settings: ScheduleSettings): void {
    this.#settings = settings;
    this.cancel();
    this.#plan(this.account.clock.now());
  }

  /** Stops the schedule. */
  cancel(): void {
    this.#cancel();
  }

  #plan(last: Date): void {
    const next = new Date(last.getTime() + this.#settings.everySeconds * 1_000);
    this.#cancel = this.account.clock.at(next, () => {
      // After the machine slept, one missed invocation is made up for, not all of them.
      this.#plan(this.account.clock.now());
      return invokeTarget(this, this.account);
    });
  }
}
