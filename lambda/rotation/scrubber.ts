import { RotationError, type RotationErrorCode } from './rotation-error.ts';

const SCRUBBED = '[scrubbed]';

/** Knows every string of every secret that this invocation read, and takes them out of what leaves the function. */
export class Scrubber {
  readonly #values = new Set<string>();

  /** Remembers each string in a document, however deep, but not the top-level fields that are named public. */
  learn(document: unknown, publicFields: readonly string[] = []): void {
    if (typeof document === 'string') this.#learnText(document);
    if (typeof document !== 'object' || document === null) return;
    for (const [key, value] of Object.entries(document)) if (!publicFields.includes(key)) this.learn(value);
  }

  /** The text without any value that was learned, as it stands or as JSON, a URL or Base64 would carry it. */
  clean(text: string): string {
    const longestFirst = [...this.#values].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((cleaned, value) => cleaned.replaceAll(value, SCRUBBED), text);
  }

  /** The same for whatever a strategy wants to have in its log line: every string of it, as JSON carries it. */
  cleanDetails(details: Readonly<Record<string, unknown>> = {}): object {
    return JSON.parse(JSON.stringify(details), (_key, value: unknown) =>
      typeof value === 'string' ? this.clean(value) : value,
    );
  }

  /** A new error in place of a caught one: its code, and its message, stack and causes without values. */
  error(error: unknown, code: RotationErrorCode): RotationError {
    const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
    const clean = new RotationError(
      code,
      this.clean(message),
      cause === undefined ? {} : { cause: this.#cause(cause) },
    );
    if (stack !== undefined) clean.stack = this.clean(stack);
    return clean;
  }

  #cause(cause: unknown): string {
    const { name, message, cause: deeper } = cause instanceof Error ? cause : new Error(String(cause));
    return this.clean(`${name}: ${message}`) + (deeper === undefined ? '' : ` ← ${this.#cause(deeper)}`);
  }

  #learnText(text: string): void {
    if (text === '') return;
    const forms = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed())];
    for (const form of [...forms, Buffer.from(text).toString('base64')]) this.#values.add(form);
  }
}
