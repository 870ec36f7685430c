import { Fn } from 'cdktf';
import { ConstructError } from '../construct-error.ts';
import { isLate, lateArgument } from '../terraform/late-value.ts';
import { isReference, MARKER } from '../terraform/references.ts';

/**
 * A value as JSON, in which Terraform fills in what only Terraform knows: `{"username":"app","password":${…}}`.
 *
 * `Fn.jsonencode` of the whole would not do: cdktf leaves the quotes and backslashes of literals as they are, and
 * Terraform takes them for its own.
 * @throws INITIAL_VALUE for what is not JSON
 */
export function jsonTemplate(value: unknown): string {
  if (isLate(value)) return Fn.jsonencode(lateArgument(value));
  if (typeof value === 'string' && isReference(value)) return textTemplate(value);
  if (isReference(value)) return Fn.jsonencode(value);
  if (Array.isArray(value)) return `[${value.map(jsonTemplate).join(',')}]`;
  if (isPlainObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    if (fields.some(([name]) => isReference(name))) {
      throw new ConstructError(
        'INITIAL_VALUE',
        "The secret's initial value has a field whose name only Terraform knows. Expected a literal as its name.",
      );
    }
    return `{${fields.map(([name, field]) => `${literal(name)}:${jsonTemplate(field)}`).join(',')}}`;
  }
  if (value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)) return literal(value);
  throw new ConstructError(
    'INITIAL_VALUE',
    `The secret's initial value holds ${typeof value === 'object' ? `a ${value.constructor.name}` : typeof value}, which is ` +
      'not JSON. Expected strings, finite numbers, booleans, null, arrays and plain objects; of a variable, its stringValue.',
  );
}

/** A text with references in it, each as Terraform encodes it between the quotes of a JSON string. */
function textTemplate(value: string): string {
  const parts = value.split(MARKER).filter((part) => part !== '');
  if (parts.length === 1 && MARKER.test(value)) return Fn.jsonencode(value);
  const encoded = parts.map((part) =>
    MARKER.test(part) ? Fn.replace(Fn.jsonencode(Fn.tostring(part)), '/^.|.$/', '') : literal(part).slice(1, -1),
  );
  return `"${encoded.join('')}"`;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** With the brace of `${` and `%{` escaped, where Terraform would see a template. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll(/(?<=[$%])\{/g, '\\u007b');
}
