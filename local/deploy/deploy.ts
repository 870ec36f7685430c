import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { DeployError, placed } from './deploy-error.ts';
import { evaluate } from './expression/evaluate.ts';
import { inOrder } from './in-order.ts';
import { accountOfBlock, accountsOfProviders } from './place-of-block.ts';
import { type Block, readStack, type Stack } from './read-stack.ts';
import type { ResourceContext, ResourceType } from './resource-type.ts';
import { resourceTypes } from './resource-types.ts';
import { type Attributes, Scope } from './scope.ts';
import { Uploads } from './uploads.ts';

export interface DeployOptions {
  /** The folder of the stack's file: its `path.module`. */
  readonly folder: string;
  /** Values by variable name. A variable without a value takes its default. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface Deployed {
  /** The stack's outputs by name, except sensitive ones. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Creates in the account what a stack describes, as `terraform apply` does in AWS: each resource after those that
 * it refers to, with the same actions that the AWS SDK calls.
 *
 * Nothing is skipped: what the deploy does not understand is an error that names it. Types and attributes are
 * checked before the first resource is created.
 *
 * @param stack a `cdk.tf.json`, parsed
 * @param account what a provider is in that names no region and assumes no role
 * @throws DeployError with one of its codes.
 */
export async function deploy(
  stack: unknown,
  account: Account,
  { folder, variables = {} }: DeployOptions,
): Promise<Deployed> {
  const read = readStack(stack);
  const { blocks, outputs, variables: declared } = read;
  const planned = inOrder(blocks).map((block) => ({ block, type: typeOf(block) }));
  const scope = new Scope(folder, variableValues(declared, variables));
  const accounts = accountsOfProviders(read, scope, account);
  const uploads = new Uploads();
  for (const { block, type } of planned) {
    const { region, ...values } = evaluated(block, scope);
    const context = { account: accountOfBlock(block, region, accounts, account), address: block.address, uploads };
    scope.add(block.address, await create(block, type, values, context));
  }
  const shown = Object.entries(outputs).filter(([, output]) => !output.sensitive);
  return {
    outputs: Object.fromEntries(
      shown.map(([name, { value }]) => [name, placed(`output.${name}`, () => evaluate(value, scope.resolve))]),
    ),
  };
}

/** Of the provider from version 6: where a resource is, whatever its provider says. */
const PLACE = ['region'];

function typeOf({ address, type, attributes }: Block): ResourceType {
  const known = resourceTypes.get(type);
  if (!known) throw new DeployError('UNSUPPORTED', `${address}: the local deploy does not support the type "${type}".`);
  const names = [...known.attributes, ...(/^(data\.)?aws_/.test(type) ? PLACE : [])];
  const other = Object.keys(attributes).find((attribute) => !names.includes(attribute));
  if (other) throw new DeployError('UNSUPPORTED', `${address}: "${other}" is not supported by the local deploy.`);
  return known;
}

/** A block's attributes. */
function evaluated(block: Block, scope: Scope): Attributes {
  const { address, attributes } = block;
  checkPreconditions(block, scope);
  const values = Object.entries(attributes).map(([attribute, expression]) => {
    return [attribute, placed(`${address}.${attribute}`, () => evaluate(expression, scope.resolve))];
  });
  return Object.fromEntries(values);
}

async function create(
  { address }: Block,
  type: ResourceType,
  values: Attributes,
  context: ResourceContext,
): Promise<Attributes> {
  try {
    return await type.create(values, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new DeployError('REFUSED', `${address}: ${error.code}: ${error.message}`, { cause: error });
  }
}

function checkPreconditions({ address, preconditions }: Block, scope: Scope): void {
  for (const { condition, errorMessage } of preconditions) {
    const [holds, message] = placed(`${address}.precondition`, () =>
      [condition, errorMessage].map((expression) => evaluate(expression, scope.resolve)),
    );
    if (holds !== true) throw new DeployError('PRECONDITION', `${address}: ${message}`);
  }
}

function variableValues(
  declared: Stack['variables'],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const undeclared = Object.keys(given).find((name) => !declared[name]);
  if (undeclared) {
    throw new DeployError('VARIABLE', `"${undeclared}" was given a value, but the stack declares no such variable.`);
  }
  return Object.fromEntries(
    Object.entries(declared).map(([name, variable]) => {
      const value = given[name];
      if (value === undefined && !variable.hasDefault) {
        throw new DeployError('VARIABLE', `var.${name} has no value and no default. Set it in "variables".`);
      }
      return [name, value === undefined ? variable.default : value];
    }),
  );
}
