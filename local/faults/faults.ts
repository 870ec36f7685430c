import { setTimeout as sleep } from 'node:timers/promises';
import { checkFault, concerns, type Fault } from './fault.ts';

/** What a fault needs to know of a call to tell whether it hits it. */
export interface FaultyCall {
  readonly action: string;
  readonly isFunction: boolean;
  /** The same in all attempts of an AWS SDK at one call; undefined for what is no SDK. */
  readonly sdkCallId: string | undefined;
}

/** Lets calls of Secrets Manager go wrong: which, how and how often. Nothing here is random. */
export class Faults {
  readonly #planned = new Set<PlannedFault>();
  #delays = new AbortController();

  /**
   * Adds a fault to those that stand already; each of them counts its calls by itself, and a call meets all that hit it.
   *
   * @returns what takes the fault back.
   * @throws RangeError names the field, what it holds, and what it may.
   */
  add(fault: Fault): () => void {
    checkFault(fault);
    const planned = new PlannedFault(fault);
    this.#planned.add(planned);
    return () => void this.#planned.delete(planned);
  }

  /** Takes all faults back, and ends the delays under way. */
  clear(): void {
    this.#planned.clear();
    this.#delays.abort();
    this.#delays = new AbortController();
  }

  /** The faults that hit this call, in the order in which they were added; each one counts it. */
  meeting(call: FaultyCall): Fault[] {
    return [...this.#planned].filter((each) => each.hits(call)).map(({ fault }) => fault);
  }

  async wait(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#delays.signal, ref: false }).catch(() => {});
  }
}

/** A fault, and what it has met. */
class PlannedFault {
  #calls = 0;
  /** By the SDK's id: which of the calls it was, and how often it was tried. */
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
