/** Why a file is not read. */
export class NotStrictJson extends Error {}

const DEEPEST = 40;
/** A string, with what makes it a key. JSON.parse has proved the rest by then. */
const STRINGS = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?/g;

/**
 * Reads JSON that has one meaning. Terraform's parser and JavaScript's differ where a key stands twice, where the text is no
 * UTF-8, or where a character is half of one: what was checked would not be what Terraform runs.
 * @throws NotStrictJson
 */
export function readStrictly(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotStrictJson('no JSON');
  }
  const keys: string[] = [];
  visit(value, keys, 0);
  const twice = surplus(text, keys);
  if (twice !== undefined) throw new NotStrictJson(`a duplicate key in an object: see ${twice}`);
  return value;
}

function decoded(bytes: Uint8Array): string {
  try {
    // The byte order mark is kept, and no JSON begins with one.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotStrictJson('bytes that are not UTF-8');
  }
}

function visit(value: unknown, keys: string[], depth: number): void {
  if (depth > DEEPEST) throw new NotStrictJson(`more than ${DEEPEST} levels of objects and lists`);
  if (typeof value === 'string') checkText(value);
  if (Array.isArray(value)) for (const member of value) visit(member, keys, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      checkText(key);
      keys.push(key);
      visit(member, keys, depth + 1);
    }
  }
}

function checkText(text: string): void {
  if (text.includes('\0')) throw new NotStrictJson('text with the character U+0000');
  if (!text.isWellFormed()) throw new NotStrictJson('text with half of a surrogate pair');
}

/** A key that stands more often in the text than in what was parsed from it. */
function surplus(text: string, parsed: readonly string[]): string | undefined {
  const left = new Map<string, number>();
  for (const key of parsed) left.set(key, (left.get(key) ?? 0) + 1);
  for (const [, raw = '', colon] of text.matchAll(STRINGS)) {
    if (colon === undefined) continue;
    const key: string = JSON.parse(`"${raw}"`);
    const count = left.get(key) ?? 0;
    if (count === 0) return JSON.stringify(key.slice(0, 60));
    left.set(key, count - 1);
  }
  return undefined;
}
