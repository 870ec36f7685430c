import { inspect } from 'node:util';
import { kindOf } from '../../rules/kind-of.ts';
import { causesOf } from './causes-of.ts';
import { type Part, partsOf } from './parts-of.ts';
import { RotationError, type RotationErrorCode } from './rotation-error.ts';
import { bytesOf, exactly, textsOf, type Writing } from './writings.ts';

/** A shorter value stands in texts by chance: it is looked for only as it stands. */
const LEAST_CHARACTERS = 8;

/** An even shorter one, such as "x", stands within words by chance: it is looked for as a word of its own. */
const LEAST_WITHIN_WORDS = 4;

/** About 10 MB of memory. A process that rotates thousands of secrets forgets the oldest values. */
const MOST_CHARACTERS = 5_000_000;
const MOST_SHORT = 100;

const MARK = '[scrubbed]';

/** Knows the values of the secrets that this process has read, and takes them out of what leaves it. */
export class Scrubber {
  /** Each value with its writings, the one that was learned last at the end. */
  readonly #values = new Map<string, readonly Writing[]>();
  readonly #short = new Set<string>();
  /** By their first characters, so that a line takes the same time whatever the number of values. */
  readonly #writings = new Map<number, Set<Writing>>();
  #characters = 0;

  /** Remembers every value in a document, however deep, but not the top-level fields that are named public. */
  learn(document: unknown, publicFields: readonly string[] = []): void {
    for (const part of partsOf(document, publicFields)) {
      if (part.text.length >= LEAST_CHARACTERS) this.#remember(part);
      else this.#rememberShort(part.text);
    }
  }

  /** The text without any value that was learned, however it is written there. */
  clean(text: string): string {
    return without(text, this.#found(text, this.#short), () => MARK);
  }

  /** Whether no value of eight characters or more is in the text. */
  isClean(text: string): boolean {
    return this.#found(text, []) === undefined;
  }

  /** The text with an asterisk for each byte of a value, for whoever has told its length already. Short values stay. */
  mask(text: string): string {
    return without(text, this.#found(text, []), (value) => '*'.repeat(Buffer.byteLength(value)));
  }

  /** What a strategy wants to have in its log line, with every string, number and key of it scrubbed. */
  cleanDetails(details: Readonly<Record<string, unknown>> = {}): object {
    try {
      return JSON.parse(JSON.stringify(details), (_key, value: unknown) => this.#cleanValue(value));
    } catch {
      // A ring, or a bigint. A log line must not fail a rotation.
      return { details: this.clean(inspect(details)) };
    }
  }

  /** A new error in place of a caught one: its code, its stack, and its message with those of its causes, without values. */
  error(caught: unknown, code: RotationErrorCode): RotationError {
    const clean = new RotationError(code, this.clean(causesOf(caught).map(messageOf).join(' ← ')));
    const { stack } = Object(caught) as Partial<Error>;
    if (stack !== undefined) clean.stack = this.clean(stack);
    return clean;
  }

  #cleanValue(value: unknown): unknown {
    if (typeof value === 'string') return this.clean(value);
    if (typeof value === 'number') return this.#values.has(String(value)) ? MARK : value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.clean(key), inner]));
  }

  #remember(part: Part): void {
    const known = this.#values.get(part.text);
    this.#values.delete(part.text);
    this.#values.set(part.text, known ?? this.#withWritings(part));
    for (const [oldest] of this.#values) {
      if (this.#characters <= MOST_CHARACTERS || oldest === part.text) break;
      this.#forget(oldest);
    }
  }

  #rememberShort(value: string): void {
    this.#short.delete(value);
    this.#short.add(value);
    const [oldest = value] = this.#short;
    if (this.#short.size > MOST_SHORT) this.#short.delete(oldest);
  }

  #withWritings({ text, isLine = false }: Part): readonly Writing[] {
    const writings = [...textsOf(text).map(exactly), ...(isLine ? [] : bytesOf(text))];
    for (const writing of writings) {
      const start = startOf(writing.text, 0);
      this.#writings.set(start, (this.#writings.get(start) ?? new Set()).add(writing));
      this.#characters += writing.text.length;
    }
    return writings;
  }

  #forget(value: string): void {
    for (const writing of this.#values.get(value) ?? []) {
      const start = startOf(writing.text, 0);
      const alike = this.#writings.get(start);
      alike?.delete(writing);
      if (alike?.size === 0) this.#writings.delete(start);
      this.#characters -= writing.text.length;
    }
    this.#values.delete(value);
  }

  /** Which characters belong to a value; undefined if none does. Values may overlap. */
  #found(text: string, short: Iterable<string>): Uint8Array | undefined {
    let found: Uint8Array | undefined;
    const mark = (start: number, end: number) => {
      found ??= new Uint8Array(text.length);
      found.fill(1, Math.max(start, 0), end);
    };
    for (const value of short) {
      for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
        const end = at + value.length;
        if (value.length >= LEAST_WITHIN_WORDS || !isWithinWord(text, at, end)) mark(at, end);
      }
    }
    if (this.#writings.size === 0) return found;
    for (let at = 0; at <= text.length - LEAST_CHARACTERS; at += 1) {
      for (const { text: written, before, after } of this.#writings.get(startOf(text, at)) ?? []) {
        if (text.startsWith(written, at)) mark(at - before, at + written.length + after);
      }
    }
    return found;
  }
}

/** Whether a letter or digit stands right before or right after. */
function isWithinWord(text: string, start: number, end: number): boolean {
  return /[\p{L}\p{N}]/u.test(text.charAt(start - 1)) || /[\p{L}\p{N}]/u.test(text.charAt(end));
}

/** Four characters as one number: equal texts have equal ones. */
function startOf(text: string, at: number): number {
  return (
    (text.charCodeAt(at) |
      (text.charCodeAt(at + 1) << 8) |
      (text.charCodeAt(at + 2) << 16) |
      (text.charCodeAt(at + 3) << 24)) >>>
    0
  );
}

function without(text: string, found: Uint8Array | undefined, replace: (value: string) => string): string {
  if (found === undefined) return text;
  let clean = '';
  for (let start = 0; start < text.length; ) {
    const isValue = found[start] === 1;
    const next = found.indexOf(isValue ? 0 : 1, start);
    const end = next === -1 ? text.length : next;
    clean += isValue ? replace(text.slice(start, end)) : text.slice(start, end);
    start = end;
  }
  return clean;
}

/** An error's message; if it is empty, as that of Node's failed connection to several addresses, its name. */
function messageOf(error: unknown): string {
  const { message, name } = Object(error) as Partial<Error>;
  return message || name || (typeof error === 'string' ? error : kindOf(error));
}
