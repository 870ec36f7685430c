import { kindOf } from '../../rules/kind-of.ts';
import { NestedChange } from './nested-change.ts';
import { RotationError } from './rotation-error.ts';

/** How a secret's string is read: as a JSON object, or as it stands. */
export type SecretFormat = 'json' | 'text';

/** What some editors and PowerShell put before a text. */
const BOM = '\uFEFF';

/** Secrets Manager's limit for a secret value, in bytes. */
const MAX_BYTES = 65_536;

/**
 * What a stored string holds.
 * @param whose says in an error which version was read, such as `AWSCURRENT of my-app/db`
 * @throws SECRET_VALUE where it is not a JSON object; the message never quotes it
 */
export function readDocument(format: SecretFormat | undefined, secretString: string, whose: string): unknown {
  if (format === 'text') return secretString;
  const found = parsed(secretString);
  if (isObject(found)) return found;
  refuseByteOrderMark(secretString, whose);
  throw new RotationError(
    'SECRET_VALUE',
    `${whose} is ${found === undefined ? 'not JSON' : `JSON, but ${kindOf(found)}`}; expected a JSON object such as ` +
      `{"username": "…"}. Store an object, or rotate the whole string with format 'text'.`,
  );
}

/** What another secret's string holds, whose format only its reader's schema knows: its object, else the text. */
export function readEitherFormat(secretString: string, whose: string): unknown {
  const found = parsed(secretString);
  if (isObject(found)) return found;
  if (isObject(parsed(secretString.slice(1)))) refuseByteOrderMark(secretString, whose);
  return secretString;
}

function refuseByteOrderMark(text: string, whose: string): void {
  if (!text.startsWith(BOM)) return;
  throw new RotationError(
    'SECRET_VALUE',
    `${whose} begins with a byte order mark (BOM), which JSON does not have and readers refuse, too. Store it again as UTF-8 ` +
      'without BOM.',
  );
}

/**
 * The stored string with some fields changed; every other byte stays as it was, numbers beyond JavaScript's precision
 * included.
 * @param secretString undefined where there is no value yet
 * @throws SECRET_VALUE over 65,536 bytes
 */
export function changeDocument(secretString: string | undefined, change: string | Readonly<Record<string, unknown>>) {
  const document =
    typeof change === 'string' ? change : changeMembers(secretString ?? '{}', new Map(Object.entries(change)));
  const bytes = Buffer.byteLength(document);
  if (bytes <= MAX_BYTES) return document;
  throw new RotationError(
    'SECRET_VALUE',
    `The new document has ${bytes} bytes; Secrets Manager accepts at most ${MAX_BYTES}. Move other fields elsewhere.`,
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The parser's own message quotes the text.
  }
}

function changeMembers(json: string, change: ReadonlyMap<string, unknown>): string {
  const changes = new Map([...change].filter(([, value]) => value !== undefined));
  const added = new Map(changes);
  const members = membersOf(json);
  let text = '';
  let copied = 0;
  for (const { key, start, end } of members) {
    if (!changes.has(key)) continue;
    text += json.slice(copied, start) + changed(json.slice(start, end), changes.get(key));
    copied = end;
    added.delete(key);
  }
  // Of a key that is there twice, the last one counts: another one may be no object.
  if (added.size === 0 || !json.trimEnd().endsWith('}')) return text + json.slice(copied);
  const close = json.lastIndexOf('}');
  const appended = [...added].map(([key, value]) => `${JSON.stringify(key)}:${changed('{}', value)}`).join(',');
  const comma = members.length > 0 ? ',' : '';
  return text + json.slice(copied, close) + comma + appended + json.slice(close);
}

function changed(json: string, value: unknown): string {
  return value instanceof NestedChange ? changeMembers(json, value.members) : JSON.stringify(value);
}

/** Where each value stands in the text of a valid JSON object, or array, whose keys are its indexes. */
function membersOf(json: string): { key: string; start: number; end: number }[] {
  const members: { key: string; start: number; end: number }[] = [];
  const isArray = json.trimStart().startsWith('[');
  let depth = 0;
  let key: string | undefined;
  let start: number | undefined;
  let end = 0;
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (depth === 1 && (token === ',' || token === '}' || token === ']')) {
      if (key !== undefined && start !== undefined) members.push({ key, start, end });
      key = start = undefined;
    } else if (depth === 1 && key === undefined && !isArray) {
      key = JSON.parse(token) as string;
    } else if (depth > 0 && token !== ':') {
      key ??= String(members.length);
      start ??= index;
    }
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    end = index + token.length;
  }
  return members;
}
