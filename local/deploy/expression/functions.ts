import { createHash } from 'node:crypto';
import { DeployError } from '../deploy-error.ts';
import { jsonencode } from './jsonencode.ts';

/** A function of Terraform's language. It evaluates its own arguments, because some functions accept arguments that fail. */
export interface TerraformFunction {
  readonly name: string;
  /** How many arguments it takes. If absent, any number. */
  readonly parameters?: number;
  readonly call: (...evaluate: Argument[]) => unknown;
}

type Argument = () => unknown;

const known: readonly TerraformFunction[] = [
  { name: 'can', parameters: 1, call: (value) => attempt(value).succeeded },
  { name: 'coalesce', call: (...values) => coalesce(values.map((value) => value())) },
  { name: 'contains', parameters: 2, call: (list, value) => contains(list(), value()) },
  { name: 'index', parameters: 2, call: (list, value) => index(list(), value()) },
  { name: 'join', call: (separator, ...lists) => lists.flatMap((list) => list()).join(text(separator)) },
  { name: 'jsonencode', parameters: 1, call: (value) => jsonencode(value()) },
  { name: 'replace', parameters: 3, call: (...values) => replace(...values.map(text)) },
  { name: 'sha256', parameters: 1, call: (value) => createHash('sha256').update(text(value)).digest('hex') },
  { name: 'substr', parameters: 3, call: (value, offset, length) => substr(text(value), offset?.(), length?.()) },
  { name: 'tolist', parameters: 1, call: (list) => list() },
  { name: 'tostring', parameters: 1, call: text },
  { name: 'try', call: firstThatCanBe },
];

/** Every function that the local deploy knows, by name. */
export const functions: ReadonlyMap<string, TerraformFunction> = new Map(known.map((each) => [each.name, each]));

function text(value: Argument | undefined): string {
  return String(value?.());
}

/** @see https://developer.hashicorp.com/terraform/language/functions/replace */
function replace(value = '', pattern = '', replacement = ''): string {
  const [, regex] = /^\/(.*)\/$/s.exec(pattern) ?? [];
  return value.replaceAll(regex === undefined ? pattern : new RegExp(regex, 'g'), replacement);
}

/** @see https://developer.hashicorp.com/terraform/language/functions/substr */
function substr(value: string, offset: unknown, length: unknown): string {
  return [...value].slice(Number(offset), Number(offset) + Number(length)).join('');
}

/** @see https://developer.hashicorp.com/terraform/language/functions/coalesce */
function coalesce(values: readonly unknown[]): unknown {
  const found = values.find((value) => value !== null && value !== undefined && value !== '');
  if (found === undefined) throw new DeployError('VALUE', 'every argument of coalesce() is null or empty.');
  return found;
}

/** @see https://developer.hashicorp.com/terraform/language/functions/contains */
function contains(list: unknown, value: unknown): boolean {
  if (!Array.isArray(list)) throw new DeployError('VALUE', 'the first argument of contains() is not a list.');
  if (value === null || value === undefined)
    throw new DeployError('VALUE', 'the second argument of contains() is null.');
  const wanted = jsonencode(value);
  return list.some((member) => jsonencode(member) === wanted);
}

/** @see https://developer.hashicorp.com/terraform/language/functions/index_function */
function index(list: unknown, value: unknown): number {
  if (!contains(list, value)) throw new DeployError('VALUE', 'the list of index() does not have the value.');
  return (list as unknown[]).findIndex((member) => jsonencode(member) === jsonencode(value));
}

/** @see https://developer.hashicorp.com/terraform/language/functions/try */
function firstThatCanBe(...values: Argument[]): unknown {
  for (const value of values) {
    const attempted = attempt(value);
    if (attempted.succeeded) return attempted.value;
  }
  throw new DeployError('VALUE', 'no argument of try() can be evaluated.');
}

function attempt(
  value: Argument,
): { readonly succeeded: true; readonly value: unknown } | { readonly succeeded: false } {
  try {
    return { succeeded: true, value: value() };
  } catch (error) {
    if (error instanceof DeployError) return { succeeded: false };
    throw error;
  }
}
