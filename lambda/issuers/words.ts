/** Enough to recognize what was said; what follows helps nobody. */
const MOST_CHARACTERS = 300;

/** Where issuers, gateways and APIs say why they refuse. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const FIELDS = [
  ...['error', 'status', 'code', 'errorCode', 'error_reason', 'reason', 'type', 'title', 'field'],
  ...['error_description', 'errorSummary', 'error_message', 'message', 'description', 'detail', 'details'],
  ...['violations', 'fieldViolations'],
];

/** Text as an error may carry it: one line, printable, not too long; and no token in it, whosever it is. */
export function printable(text: string): string {
  const oneLine = text
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)*/g, '[scrubbed]')
    .replace(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, ' ')
    .trim();
  return oneLine.length > MOST_CHARACTERS ? `${oneLine.slice(0, MOST_CHARACTERS)}…` : oneLine;
}

/** A value that was received, as an error may quote it. */
export function quoted(value: unknown): string {
  return typeof value === 'string' ? `"${printable(value)}"` : printable(JSON.stringify(value) ?? 'nothing');
}

/** What a JSON answer says of an error, most telling first, joined. */
export function wordsOfObject(body: Readonly<Record<string, unknown>>): string {
  return [...new Set(wordsIn(body))].join(': ');
}

/** What a page, or any other text, says once its markup is gone. */
export function wordsOfText(text: string): string {
  return text.replace(/<(script|style)\b[\s\S]*?<\/\1\s*>|<[^>]*>/gi, ' ');
}

function wordsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  if (Array.isArray(value)) return value.flatMap((each) => wordsIn(each, depth + 1));
  return FIELDS.flatMap((name) => wordsIn((value as Record<string, unknown>)[name], depth + 1));
}
