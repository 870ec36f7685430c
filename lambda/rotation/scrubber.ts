import { kindOf } from '../../rules/kind-of.ts';
import { causesOf } from './causes-of.ts';
import { RotationError, type RotationErrorCode } from './rotation-error.ts';

/** Knows every string of every secret that this invocation read, and takes them out of what leaves the function. */
export class Scrubber {
  readonly #values = new Set<string>();

  /** Remembers each string in a document, however deep, but not the top-level fields that are named public. */
  learn(document: unknown, publicFields: readonly string[] = []): void {
    if (typeof document === 'string') this.#learnText(document);
    if (typeof document !== 'object' || document === null) return;
    for (const [key, value] of Object.entries(document)) if (!publicFields.includes(key)) this.learn(value);
  }

  /** The text without any value that was learned, as it stands or as JSON, a URL, a form or Base64 would carry it. */
  clean(text: string): string {
    const characters = text.split('');
    for (const value of this.#values) {
      for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
        characters.fill('\0', at, at + value.length);
      }
    }
    return characters.join('').replaceAll(/\0+/g, '[scrubbed]');
  }

  /** The same for whatever a strategy wants to have in its log line: every string and key of it, as JSON carries it. */
  cleanDetails(details: Readonly<Record<string, unknown>> = {}): object {
    return JSON.parse(JSON.stringify(details), (_key, value: unknown) => {
      if (typeof value === 'string') return this.clean(value);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.clean(key), inner]));
    });
  }

  /** A new error in place of a caught one: its code, its stack, and its message with those of its causes, all without values. */
  error(caught: unknown, code: RotationErrorCode): RotationError {
    const clean = new RotationError(code, this.clean(causesOf(caught).map(messageOf).join(' ← ')));
    const { stack } = Object(caught) as Partial<Error>;
    if (stack !== undefined) clean.stack = this.clean(stack);
    return clean;
  }

  #learnText(text: string): void {
    if (text === '') return;
    const wellFormed = text.toWellFormed();
    this.#values
      .add(text)
      .add(JSON.stringify(text).slice(1, -1))
      .add(encodeURIComponent(wellFormed))
      .add(String(new URLSearchParams([['', wellFormed]])).slice(1))
      .add(Buffer.from(text).toString('base64'));
  }
}

/** An error's message; where it is empty, as that of Node's failed connection to several addresses, its name. */
function messageOf(error: unknown): string {
  const { message, name } = Object(error) as Partial<Error>;
  return message || name || (typeof error === 'string' ? error : kindOf(error));
}
