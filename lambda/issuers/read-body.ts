/** What an answer says, by its fields. */
type Body = Readonly<Record<string, unknown>>;

/** The JSON object that the text is, if it is one. */
export function objectIn(text: string): Body | undefined {
  const json = jsonIn(text);
  return isObject(json) ? json : undefined;
}

/**
 * What a refusal says: an object or, as some refuse, a list of errors, of which the first counts (Salesforce), a text in JSON,
 * or a form.
 * @returns undefined for a web page, and for any other text
 */
export function refusalIn(text: string): Body | undefined {
  const json = jsonIn(text);
  if (json === undefined) return formIn(text);
  const first: unknown = Array.isArray(json) ? json[0] : json;
  return isObject(first) ? first : { message: first };
}

/** @returns undefined for what is not JSON */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function formIn(text: string): Body | undefined {
  return /^error=/.test(text) || /^[\w.]+=[^&]*&error=/.test(text)
    ? Object.fromEntries(new URLSearchParams(text))
    : undefined;
}
