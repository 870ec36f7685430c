import { setTimeout as sleep } from 'node:timers/promises';
import { checkFault, concerns, type Fault } from './fault.ts';

/** What a fault needs to know about a call to decide whether it hits the call. */
export interface FaultyCall {
  readonly action: string;
  readonly isFunction: boolean;
  /** The same in all attempts of an AWS SDK at one call. Undefined if the caller is not an SDK. */
  readonly sdkCallId: string | undefined;
}

/** Makes calls to Secrets Manager fail: which ones, how, and how often. Nothing here is random. */
export class Faults {
  readonly #planned = new Set<PlannedFault>();
  #delays = new AbortController();

  /**
   * Adds a fault. Each fault counts its own calls, and a call meets every fault that hits it.
   *
   * @returns a function that removes the fault.
   * @throws RangeError with the field, what it is, and what was expected.
   */
  add(fault: Fault): () => void {
    checkFault(fault);
    const planned = new PlannedFault(fault);
    this.#planned.add(planned);
    return () => void this.#planned.delete(planned);
  }

  /** Removes all faults, and ends the delays in progress. */
  clear(): void {
    this.#planned.clear();
    this.#delays.abort();
    this.#delays = new AbortController();
  }

  /** The faults that hit this call, in the order in which they were added. Each of them counts the call. */
  meeting(call: FaultyCall): Fault[] {
    return [...this.#planned].filter((each) => each.hits(call)).map(({ fault }) => fault);
  }

  async wait(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#delays.signal, ref: false }).catch(() => {});
  }
}

/** A fault, and the calls that it has met. */
class PlannedFault {
  #calls = 0;
  /** By the SDK's id for the call: which call it was, and how many attempts there were. */
  readonly #attempts = new Map<string, { nth: number; tried: number }>();

  constructor(readonly fault: Fault) {}

  hits(call: FaultyCall): boolean {
    const { callers = 'functions', nth = 1, times = 1, attempts = Number.POSITIVE_INFINITY } = this.fault;
    if (!concerns(this.fault, call.action) || (callers === 'functions' && !call.isFunction)) return false;
    const counted = this.#count(call.sdkCallId);
    return counted.nth >= nth && counted.nth < nth + times && counted.tried <= attempts;
  }

  #count(sdkCallId: string | undefined): { nth: number; tried: number } {
    const before = sdkCallId === undefined ? undefined : this.#attempts.get(sdkCallId);
    if (!before) this.#calls += 1;
    const counted = { nth: before?.nth ?? this.#calls, tried: (before?.tried ?? 0) + 1 };
    if (sdkCallId !== undefined) this.#attempts.set(sdkCallId, counted);
    return counted;
  }
}
