/**
 * JSON byte for byte as Terraform writes it: keys in order, no spaces, and `<`, `>`, `&`, U+2028 and U+2029 escaped.
 *
 * @see https://developer.hashicorp.com/terraform/language/functions/jsonencode
 */
export function jsonencode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonencode).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    // Written by hand, because a JavaScript object puts keys that look like numbers first.
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, member]) => `${jsonencode(key)}:${jsonencode(member)}`).join(',')}}`;
  }
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
