import { Fn, Token } from 'cdktf';
import { ConstructError } from '../construct-error.ts';

/**
 * A value as JSON, in which Terraform fills in what only Terraform knows: `{"username":"app","password":${…}}`.
 *
 * `Fn.jsonencode` of the whole would not do: cdktf leaves the quotes and backslashes of literals as they are, and
 * Terraform takes them for its own.
 * @throws INITIAL_VALUE for what is no JSON
 */
export function jsonTemplate(value: unknown): string {
  if (Token.isUnresolved(value)) return Fn.jsonencode(value);
  if (Array.isArray(value)) return `[${value.map(jsonTemplate).join(',')}]`;
  if (isPlainObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${literal(name)}:${jsonTemplate(field)}`).join(',')}}`;
  }
  if (value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)) return literal(value);
  throw new ConstructError(
    'INITIAL_VALUE',
    `The secret's initial value holds ${typeof value === 'object' ? `a ${value.constructor.name}` : typeof value}, which is ` +
      'no JSON. Expected strings, finite numbers, booleans, null, arrays and plain objects; of a variable, its stringValue.',
  );
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** With the brace of `${` and `%{` escaped, where Terraform would see a template. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll(/(?<=[$%])\{/g, '\\u007b');
}
