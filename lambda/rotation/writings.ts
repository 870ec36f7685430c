import { inspect } from 'node:util';

/** Some characters of a secret field, as they stand in the text where they were written, and what stands beside them. */
export interface Writing {
  readonly text: string;
  /** How many characters before and after it hold some bits of the value, as in Base64. */
  readonly before: number;
  readonly after: number;
}

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const html = (quote: string, doubleQuote: string) => (text: string) => {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': doubleQuote, "'": quote };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
};
const url = (text: string) => encodeURIComponent(text.toWellFormed());
const lowerCase = (encode: (text: string) => string) => (text: string) =>
  encode(text).replaceAll(/%../g, (encoded) => encoded.toLowerCase());
const form = (text: string) => String(new URLSearchParams([['', text.toWellFormed()]])).slice(1);

/** What carries a text writes it in one of these ways. */
const TEXTS: readonly ((text: string) => string)[] = [
  json,
  (text) => json(json(text)),
  (text) => json(json(json(text))),
  (text) => json(text).replaceAll('/', '\\/'),
  (text) => json(text).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (text) => inspect(text).slice(1, -1),
  (text) => text.replaceAll("'", "''"),
  url,
  lowerCase(url),
  (text) => url(url(text)),
  (text) => encodeURI(text.toWellFormed()),
  form,
  lowerCase(form),
  html("'", '"'),
  html("'", '&quot;'),
  html('&#39;', '&quot;'),
  html('&#x27;', '&quot;'),
  html('&apos;', '&quot;'),
];

/** How many bytes of a Buffer the console shows. */
const SHOWN_BYTES = 50;

/** What carries bytes writes them in one of these ways, in addition to Base64. */
const BYTES: readonly ((bytes: Buffer) => string)[] = [
  (bytes) => bytes.toString('hex'),
  (bytes) => bytes.toString('hex').toUpperCase(),
  (bytes) =>
    bytes
      .subarray(0, SHOWN_BYTES)
      .toString('hex')
      .replaceAll(/..(?!$)/g, '$& '),
  (bytes) => bytes.join(','),
  (bytes) => bytes.join(', '),
];

/** Nothing that carries a text has to write these in another way. */
const PLAIN = /^[\w.-]*$/;

/** The texts that stand for a value in JSON, in JSON in JSON, in URLs, forms, HTML and SQL; itself first. */
export function textsOf(value: string): string[] {
  return PLAIN.test(value) ? [value] : [...new Set([value, ...TEXTS.map((write) => write(value))])];
}

/** Those that stand for its bytes, in hexadecimal digits, lists and Base64. */
export function bytesOf(value: string): Writing[] {
  const bytes = Buffer.from(value);
  const texts = [...new Set(BYTES.map((write) => write(bytes)))].map(exactly);
  // A token or a cookie is often a document: Base64 of JSON.
  const encoded = [...new Set([value, json(value)])].map((text) => Buffer.from(text));
  return [...texts, ...encoded.flatMap((each) => [0, 1, 2].flatMap((offset) => base64(each, offset)))];
}

export const exactly = (text: string): Writing => ({ text, before: 0, after: 0 });

/**
 * Base64 writes three bytes as four characters. What stands before the value, such as `user:`, decides where its characters
 * begin; the first and the last one may hold bits of what is beside it.
 */
function base64(bytes: Buffer, offset: number): Writing[] {
  const bits = (offset + bytes.length) * 8;
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
  const edges = { before: offset === 0 ? 0 : 1, after: bits % 6 === 0 ? 0 : 1 };
  const isPlain = PLAIN.test(text);
  const texts = isPlain
    ? [text]
    : [text, text.replaceAll('+', '-').replaceAll('/', '_'), url(text), lowerCase(url)(text)];
  return texts.map((written) => ({ text: written, ...edges }));
}
