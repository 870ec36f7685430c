import * as v from 'valibot';
import type { Account } from '../account.ts';
import { DeployError } from './deploy-error.ts';
import type { Attributes } from './scope.ts';
import type { Uploads } from './uploads.ts';

export interface ResourceContext {
  readonly account: Account;
  /** Such as `aws_iam_role.turn`. */
  readonly address: string;
  readonly uploads: Uploads;
}

/** How the local deploy creates one type of resource, or reads one type of data source. */
export interface ResourceType {
  /** The attributes that a stack may set. */
  readonly attributes: readonly string[];
  /**
   * @param values the attributes that the stack sets, evaluated
   * @returns all attributes that other resources can refer to
   * @throws VALUE an attribute is missing, unknown, or not of the expected type.
   */
  create(values: Attributes, context: ResourceContext): Promise<Attributes>;
}

type Values<Entries extends v.ObjectEntries> = v.InferOutput<v.StrictObjectSchema<Entries, undefined>>;

/**
 * A resource type, from its attributes and a function that creates one.
 *
 * @param create returns the attributes that the stack does not set itself. An attribute that nobody sets is null.
 */
export function resourceType<Entries extends v.ObjectEntries>(
  entries: Entries,
  create: (values: Values<Entries>, context: ResourceContext) => Attributes | Promise<Attributes>,
): ResourceType {
  const schema = v.strictObject(entries);
  const attributes = Object.keys(entries);
  const unset = Object.fromEntries(attributes.map((attribute) => [attribute, null]));
  return {
    attributes,
    async create(values, context) {
      const { success, output, issues } = v.safeParse(schema, withoutNulls(values));
      if (!success) throw wrongValue(context.address, issues[0]);
      return { ...unset, ...output, ...(await create(output, context)) };
    },
  };
}

/** A nested block. Terraform's JSON writes it as an object, or as a list of one object. */
export function block<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.unknown(), v.transform(listed), v.strictTuple([v.strictObject(entries)]));
}

/** A nested block that may occur more than once. */
export function blocks<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.unknown(), v.transform(listed), v.array(v.strictObject(entries)));
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** In Terraform, an attribute that is null is not set. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(set.map(([key, member]) => [key, withoutNulls(member)]));
}

// Never the library's message: it quotes the value.
function wrongValue(address: string, issue: v.BaseIssue<unknown>): DeployError {
  const place = `${address}.${v.getDotPath(issue) ?? ''}`;
  if (issue.expected === 'never')
    return new DeployError('UNSUPPORTED', `${place} is not supported by the local deploy.`);
  if (issue.input === undefined) return new DeployError('VALUE', `${place} is missing.`);
  return new DeployError('VALUE', `${place} does not have the expected value: ${issue.expected ?? issue.type}.`);
}
