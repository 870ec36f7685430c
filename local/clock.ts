/** A length of time. A unit that is left out counts as 0. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** The account's time. Schedules and recovery windows follow it. */
export interface Clock {
  now(): Date;
  /**
   * Runs the task at that date, or at once if the date has passed.
   *
   * @returns a function that cancels the task, as long as it has not started.
   */
  at(date: Date, task: () => Promise<void> | void): () => void;
  /**
   * Moves time forward. Each task that falls due on the way runs at its own date, one after the other, and is awaited.
   * So are the tasks that were already running.
   */
  advance(duration: Duration): Promise<void>;
}

/** A clock that shows this machine's time until it is moved. From then on it runs at the same speed, ahead of the machine. */
export function systemClock(): Clock {
  return new MovableClock();
}

interface Task {
  readonly dueMs: number;
  readonly run: () => Promise<void> | void;
}

/** How many tasks may run at a time: a thousand secrets that are due together do not start a thousand processes. */
const CONCURRENT_TASKS = 8;
/** The longest time that `setTimeout` can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

class MovableClock implements Clock {
  #offsetMs = 0;
  /** In the order in which they are due. */
  readonly #tasks: Task[] = [];
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #moving = false;
  #moved: Promise<void> = Promise.resolve();

  now(): Date {
    return new Date(this.#nowMs());
  }

  at(date: Date, run: () => Promise<void> | void): () => void {
    const task = { dueMs: date.getTime(), run };
    this.#tasks.splice(this.#tasks.findLastIndex(({ dueMs }) => dueMs <= task.dueMs) + 1, 0, task);
    this.#setTimer();
    return () => {
      const index = this.#tasks.indexOf(task);
      if (index !== -1) this.#tasks.splice(index, 1);
    };
  }

  advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration): Promise<void> {
    const lengthMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    const moved = this.#moved.then(() => this.#move(lengthMs));
    this.#moved = moved.catch(() => {});
    return moved;
  }

  async #move(lengthMs: number): Promise<void> {
    const targetMs = this.#nowMs() + lengthMs;
    this.#moving = true;
    clearTimeout(this.#timer);
    try {
      await Promise.all(this.#running);
      for (let task = this.#takeDue(targetMs); task; task = this.#takeDue(targetMs)) {
        this.#moveTo(task.dueMs);
        await task.run();
      }
      this.#moveTo(targetMs);
    } finally {
      this.#moving = false;
      this.#setTimer();
    }
  }

  #nowMs(): number {
    return Date.now() + this.#offsetMs;
  }

  #moveTo(timeMs: number): void {
    this.#offsetMs += Math.max(0, timeMs - this.#nowMs());
  }

  #takeDue(untilMs: number): Task | undefined {
    const [first] = this.#tasks;
    return first && first.dueMs <= untilMs ? this.#tasks.shift() : undefined;
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const [first] = this.#tasks;
    if (!first || this.#moving || this.#running.size >= CONCURRENT_TASKS) return;
    const waitMs = Math.min(Math.max(0, first.dueMs - this.#nowMs()), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#startDue(), waitMs).unref();
  }

  #startDue(): void {
    while (this.#running.size < CONCURRENT_TASKS) {
      const task = this.#takeDue(this.#nowMs());
      if (!task) break;
      const running = (async () => task.run())().finally(() => {
        this.#running.delete(running);
        this.#setTimer();
      });
      this.#running.add(running);
    }
    this.#setTimer();
  }
}
