/** `rotaform-client/redacted`: a value that shows nothing of itself. */
import { inspect } from 'node:util';

const SHOWN = '<redacted>';

/** A value that shows nothing of itself: in a log, in JSON, in a template string. */
export class Redacted<Value> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

/**
 * Wraps a value that is handed on, such as a password in a configuration object that somebody may print.
 * @example
 * const password = redacted((await db.get()).password); // password.reveal() where it is needed
 */
export function redacted<Value>(value: Value): Redacted<Value> {
  return new Redacted(value);
}
