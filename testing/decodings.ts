/** Every reading of a text in which a value could be found that was written in another way. */
export function decodings(text: string): string[] {
  const plain = [text, unescaped(text), unquoted(text)];
  return [...plain, ...plain.map(percentDecoded), ...plain.map(htmlDecoded), ...encodedBytes(text).map(String)];
}

const repeatedly = (decode: (text: string) => string) => (text: string) => decode(decode(decode(text)));

/** JSON, and JSON in JSON. */
const unescaped = repeatedly((text) =>
  text
    .replaceAll(/\\u([\da-f]{4})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replaceAll(
      /\\(.)/g,
      (_, escaped: string) => ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' })[escaped] ?? escaped,
    ),
);

/** SQL. */
const unquoted = (text: string) => text.replaceAll("''", "'");

const percentDecoded = repeatedly((text) =>
  text
    .replaceAll('+', ' ')
    .replaceAll(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString()),
);

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function htmlDecoded(text: string): string {
  return text
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll(/&#x([\da-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** What stands in Base64, in hexadecimal digits, and in lists of bytes. Base64 may begin in the middle of a word. */
function encodedBytes(text: string): Buffer[] {
  const base64 = [
    ...text
      .replaceAll('%2B', '+')
      .replaceAll('%2F', '/')
      .matchAll(/[\w+/-]{8,}/g),
  ];
  const hex = [...text.matchAll(/(?:[\da-f]{2} ?){8,}/gi)];
  const lists = [...text.matchAll(/(?:\d{1,3},\s*){7,}\d{1,3}/g)];
  return [
    ...base64.flatMap(([run]) => [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64'))),
    ...hex.map(([run]) => Buffer.from(run.replaceAll(' ', ''), 'hex')),
    ...lists.map(([run]) => Buffer.from(run.split(',').map(Number))),
  ];
}
