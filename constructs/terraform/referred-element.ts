import { TerraformDataSource, type TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { resolveTokens } from './resolve-tokens.ts';

/** The resources of a stack that references may name, by type and name; undefined where there is none of the name. */
const known = new WeakMap<TerraformStack, Map<string, TerraformElement | undefined>>();

function knownOf(scope: Construct): Map<string, TerraformElement | undefined> {
  const stack = TerraformStack.of(scope);
  const elements = known.get(stack) ?? new Map<string, TerraformElement | undefined>();
  known.set(stack, elements);
  return elements;
}

/** Spares `referredElement` the search for a resource of which there may be thousands, once its attributes are read. */
export function rememberElement(element: TerraformResource): void {
  knownOf(element).set(`${element.terraformResourceType}.${element.friendlyUniqueId}`, element);
}

/** The resource of the stack that a reference to its ARN, its id or its name is one to; undefined for all else. */
export function referredElement(scope: Construct, reference: string): TerraformElement | undefined {
  // A member of a list that only Terraform knows stands for no resource.
  if (String(reference).startsWith('#{')) return undefined;
  const text = String(resolveTokens(reference, scope));
  const [, address = ''] = /^\$\{(aws_\w+\.[\w-]+)\.(?:arn|id|name)\}$/.exec(text) ?? [];
  if (address === '') return undefined;
  const elements = knownOf(scope);
  if (!elements.has(address)) elements.set(address, find(TerraformStack.of(scope), address));
  return elements.get(address);
}

function find(stack: TerraformStack, address: string): TerraformElement | undefined {
  // Not by `friendlyUniqueId`: once that was read, its user's `overrideLogicalId` would be ignored.
  return stack.node
    .findAll()
    .filter((node) => TerraformResource.isTerraformResource(node))
    .find((resource) => `${resource.terraformResourceType}.${stack.getLogicalId(resource)}` === address);
}

/** The policy document of the stack that a reference to its JSON is one to. */
export function referredDocument(scope: Construct, reference: string): TerraformElement | undefined {
  const stack = TerraformStack.of(scope);
  const text = String(resolveTokens(reference, scope));
  const [, type, name] = /^\$\{data\.(aws_iam_policy_document)\.([\w-]+)\.json\}$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return stack.node
    .findAll()
    .filter((node) => TerraformDataSource.isTerraformDataSource(node))
    .find((data) => data.terraformResourceType === type && stack.getLogicalId(data) === name);
}
