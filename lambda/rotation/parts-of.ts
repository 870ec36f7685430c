/** Lines of PEM that are the same in every key. */
const ARMOR = /^-----(BEGIN|END) [^-]*-----$/;

/** Shorter lines and numbers stand in texts by chance. */
const LEAST_CHARACTERS = 8;

/** A text that gives a value away. */
export interface Part {
  readonly text: string;
  /** Whether it is one line of several: nobody writes a line alone in Base64. */
  readonly isLine?: boolean;
}

/**
 * The texts in a document that give its value away: every string, trimmed too; every long line of it and every long number;
 * what is in a string that is JSON itself; and the password in a URL. Not the top-level fields that are named public.
 */
export function* partsOf(document: unknown, publicFields: readonly string[] = []): Generator<Part> {
  yield* partsOfValue(document, publicFields, new Set());
}

function* partsOfValue(value: unknown, publicFields: readonly string[], seen: Set<unknown>): Generator<Part> {
  if (typeof value === 'string') yield* partsOfText(value, publicFields, seen);
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (String(value).length >= LEAST_CHARACTERS) yield { text: String(value) };
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Uint8Array) yield* partsOfText(Buffer.from(value).toString(), publicFields, seen);
  else if (value instanceof URL) yield* partsOfText(value.href, publicFields, seen);
  else if (value instanceof Map || value instanceof Set) yield* partsOfValue([...value], [], seen);
  else {
    for (const [key, inner] of Object.entries(value)) {
      if (!publicFields.includes(key)) yield* partsOfValue(inner, [], seen);
    }
  }
}

function* partsOfText(text: string, publicFields: readonly string[], seen: Set<unknown>): Generator<Part> {
  if (text === '') return;
  yield { text };
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed !== text) yield { text: trimmed };
  const lines = text.split(/[\r\n]+/);
  if (lines.length > 1) {
    for (const line of lines.map((each) => each.trim()).filter(isTelling)) yield { text: line, isLine: true };
  }
  const [, password] = /^[\w+.-]+:\/\/[^/?#]*?:([^/?#]+)@/.exec(text) ?? [];
  if (password !== undefined) {
    yield { text: password };
    yield { text: unescaped(password) };
  }
  if (/^\s*[[{]/.test(text)) yield* partsOfValue(parsed(text), publicFields, seen);
}

const isTelling = (line: string) => line.length >= LEAST_CHARACTERS && !ARMOR.test(line);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
