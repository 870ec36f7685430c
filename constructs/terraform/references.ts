import { App, Fn, TerraformStack, Token, Tokenization } from 'cdktf';
import { ConstructError } from '../construct-error.ts';
import { isLate, lateArgument } from './late-value.ts';
import { resolveTokens } from './resolve-tokens.ts';

/** How cdktf writes the number that stands for a reference. */
const NUMBER = /-?\d\.\d+e\+\d{3}/g;

/** Whether only Terraform knows the value, or a part of a text. */
export function isReference(value: unknown): boolean {
  return (
    Token.isUnresolved(value) || (typeof value === 'string' && (/[#&$]\{TfToken\[/.test(value) || holdsNumber(value)))
  );
}

/** Whether the text holds a number that stands for a reference. cdktf does not find it there, and prints the number. */
function holdsNumber(text: string): boolean {
  return [...text.matchAll(NUMBER)].some(([number]) => Token.isUnresolved(Number(number)));
}

/** Whether only Terraform knows the value, or anything in it. */
export function holdsReference(value: unknown): boolean {
  return isReference(value) || partsOf(value).some(holdsReference);
}

/**
 * Refuses what cdktf would not write as it is meant: a number that stands for a reference within a text, and a list that stands
 * for one among other members.
 * @throws OPTIONS
 */
export function checkTexts(what: string, value: unknown): void {
  const problem = unwritable(value);
  if (problem !== undefined) throw new ConstructError('OPTIONS', `${what} has ${problem}.`);
  if (!Token.isUnresolved(value)) for (const part of partsOf(value)) checkTexts(what, part);
}

function unwritable(value: unknown): string | undefined {
  if (typeof value === 'string' && holdsNumber(value)) {
    return (
      'a text with a number that only Terraform knows, which cdktf would print as another number. Put the number ' +
      'into the text as Fn.tostring(number), or as the stringValue of its variable'
    );
  }
  if (isOfIterator(value)) {
    return (
      'a value of an iterator, such as each.value, which Terraform knows only where a resource has for_each, and no construct ' +
      'here has. Declare one for each member of a list that is known at synth'
    );
  }
  if (isMemberOfReference(value)) {
    return (
      'a member of a list that only Terraform knows, which has no members before Terraform runs. Give the list as a ' +
      'whole, join it to others with Fn.concat, or take one member with Fn.element'
    );
  }
  return undefined;
}

/** References are read without the stack that they stand in: an iterator's are the same in each. */
const nowhere = new TerraformStack(new App(), 'nowhere');

function isOfIterator(value: unknown): boolean {
  if (!isReference(value)) return false;
  try {
    return /(?<![\w."'-])(each\.(key|value)|count\.index)\b/.test(JSON.stringify(resolveTokens(value, nowhere)));
  } catch {
    return false;
  }
}

/** What JavaScript finds where it looks into a list that stands for a reference. */
function isMemberOfReference(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('#{TfToken[');
  return typeof value === 'number' && !Token.isUnresolved(value) && Token.isUnresolved([value]);
}

/** The members of a list; the names and values of a plain object. */
function partsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isPlain(value) ? Object.entries(value).flat() : [];
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** How cdktf writes a reference in a text. */
export const MARKER = /(\$\{TfToken\[[\w:.-]+\]\})/;

/** A text as an argument of Terraform's functions: cdktf takes no text there that a reference is only a part of. */
export function argument(text: string): string {
  if (isLate(text)) return Token.asString(lateArgument(text));
  if (typeof text !== 'string') return Token.asString(text);
  const parts = text.split(MARKER).filter((part) => part !== '');
  return parts.length > 1 && isReference(text) ? Fn.join('', parts) : text;
}

/** The options with every object that stands for a reference, however deep, as a text: texts may be copied and joined. */
export function withTexts<Options>(options: Options): Options {
  return asTexts(options) as Options;
}

function asTexts(value: unknown): unknown {
  if (Tokenization.isResolvable(value)) return Token.asString(value);
  if (isReference(value)) return value;
  if (Array.isArray(value)) return value.map(asTexts);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asTexts(part)]));
}

/** The first characters of a text. Terraform cuts a reference. */
export function firstCharacters(text: string, count: number): string {
  return isReference(text) ? Token.asString(Fn.substr(argument(text), 0, count)) : text.slice(0, count);
}

/** A list that constructs may copy, whatever refers to it. */
export function listOf(list: readonly string[]): string[] {
  return Array.isArray(list) ? [...list] : Token.asList(list);
}
