import type { Schedule } from './schedule.ts';

/** The schedules of one account, by name. */
export class ScheduleStore {
  readonly #schedules = new Map<string, Schedule>();

  add(schedule: Schedule): void {
    this.#schedules.set(schedule.name, schedule);
  }

  all(): Schedule[] {
    return [...this.#schedules.values()];
  }

  find(name: string): Schedule | undefined {
    return this.#schedules.get(name);
  }

  /** Removes the schedule, which then invokes nothing. */
  remove(schedule: Schedule): void {
    schedule.cancel();
    this.#schedules.delete(schedule.name);
  }

  close(): void {
    for (const schedule of this.#schedules.values()) this.remove(schedule);
  }
}
