import { DeployError } from '../deploy-error.ts';
import { jsonencode } from './jsonencode.ts';

/** A function of Terraform's language, given its arguments' values. */
export interface TerraformFunction {
  readonly name: string;
  readonly parameters: number;
  readonly call: (...values: unknown[]) => unknown;
}

const known: readonly TerraformFunction[] = [
  { name: 'jsonencode', parameters: 1, call: jsonencode },
  { name: 'contains', parameters: 2, call: contains },
];

/** Every function that the local deploy knows, by its name. */
export const functions: ReadonlyMap<string, TerraformFunction> = new Map(known.map((each) => [each.name, each]));

/** @see https://developer.hashicorp.com/terraform/language/functions/contains */
function contains(list: unknown, value: unknown): boolean {
  if (!Array.isArray(list)) throw new DeployError('VALUE', 'contains() is given another kind of value than a list.');
  if (value === null || value === undefined) throw new DeployError('VALUE', 'contains() is asked for null.');
  const wanted = jsonencode(value);
  return list.some((member) => jsonencode(member) === wanted);
}
