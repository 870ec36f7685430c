import { LEFT_TO_RIGHT, NOTHING, PROHIBITED, RIGHT_TO_LEFT, SPACE } from './rfc3454.ts';

/**
 * The text of which PostgreSQL makes a verifier: SASLprep, with the rules of RFC 4013 asked of the password before it is
 * normalized; and the password as it stands if a rule is broken.
 * @see https://github.com/postgres/postgres/blob/master/src/common/saslprep.c
 */
export function saslPrep(password: string): string {
  if (isAscii(password)) return password;
  const mapped = [...password].filter((character) => !isIn(NOTHING, character) || isIn(SPACE, character));
  const characters = mapped.map((character) => (isIn(SPACE, character) ? ' ' : character));
  return isAllowed(characters) ? characters.join('').normalize('NFKC') : password;
}

/**
 * Whether the driver logs in with a password as PostgreSQL's own clients do: it normalizes passwords itself, and knows no
 * prohibited characters.
 */
export function isForDriver(password: string): boolean {
  if (isAscii(password)) return true;
  const ofDriver = password.replace(DRIVERS_SPACE, ' ').replace(DRIVERS_NOTHING, '').normalize('NFKC');
  return ofDriver === saslPrep(password);
}

const DRIVERS_SPACE = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/g;
const DRIVERS_NOTHING = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/g;

const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text);

/** Text of both directions is allowed only if it begins and ends from right to left, and has nothing from left to right. */
function isAllowed(characters: readonly string[]): boolean {
  if (characters.length === 0 || characters.some((character) => isIn(PROHIBITED, character))) return false;
  if (!characters.some((character) => isIn(RIGHT_TO_LEFT, character))) return true;
  const ends = [characters.at(0) ?? '', characters.at(-1) ?? ''];
  return (
    ends.every((character) => isIn(RIGHT_TO_LEFT, character)) &&
    !characters.some((character) => isIn(LEFT_TO_RIGHT, character))
  );
}

const tables = new Map<string, readonly (readonly [first: number, last: number])[]>();

function isIn(table: string, character: string): boolean {
  const ranges = tables.get(table) ?? unpacked(table);
  tables.set(table, ranges);
  const code = character.codePointAt(0) ?? 0;
  return ranges.some(([first, last]) => first <= code && code <= last);
}

function unpacked(table: string): readonly (readonly [first: number, last: number])[] {
  let last = 0;
  return table.split(/\s+/).map((range) => {
    const [distance = 0, length = 0] = range.split('+').map((digits) => Number.parseInt(digits, 36));
    const first = last + distance;
    last = first + length;
    return [first, last] as const;
  });
}
