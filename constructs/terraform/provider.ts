import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Aspects, TerraformDataSource, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import { isReference } from './references.ts';

/** What a construct's region and account come from. */
export interface ProviderOption {
  /**
   * The AWS provider of the region and account that it is deployed to, of the same stack.
   * @default the one that its parent has, else the stack's own without an alias
   */
  readonly provider?: AwsProvider;
}

const given = new WeakMap<IConstruct, AwsProvider>();
/** Scopes that have no provider of their own, where something was made in the parent's. */
const decided = new WeakSet<IConstruct>();
const stacks = new WeakSet<TerraformStack>();

/**
 * Deploys to the provider's region and account whatever is declared in a scope from now on: a stack, or a construct that
 * groups others. AWS resources and data sources of your own get it, too, unless they are given another one.
 * @throws ConstructError OPTIONS
 * @example
 * const frankfurt = new AwsProvider(stack, 'frankfurt', { alias: 'frankfurt', region: 'eu-central-1' });
 * const europe = new Construct(stack, 'europe');
 * setProvider(europe, frankfurt);
 * new RotatedSecret(europe, 'db', { … });
 */
export function setProvider(scope: Construct, provider: AwsProvider): void {
  checkProvider(scope, provider);
  if (given.get(scope) === provider) return;
  if (given.has(scope) || decided.has(scope)) {
    throw refused(
      `${scope.node.path || 'The app'} got a provider after something was declared in it. Give it before, and once`,
    );
  }
  given.set(scope, provider);
  const stack = TerraformStack.of(scope);
  if (stacks.has(stack)) return;
  stacks.add(stack);
  Aspects.of(stack).add({ visit: deployWithProvider });
}

/** As `setProvider`, where a construct's options give a provider. @throws ConstructError OPTIONS; NAME for an id that is a reference */
export function takeProvider(scope: Construct, { provider }: ProviderOption): void {
  checkId(scope);
  if (provider !== undefined) setProvider(scope, provider);
}

/** The provider that is given for a scope, or for the nearest scope around it; undefined for the stack's own. */
export function providerOf(scope: IConstruct): AwsProvider | undefined {
  for (const each of scope.node.scopes.reverse()) {
    const provider = given.get(each);
    if (provider !== undefined) return provider;
    decided.add(each);
    // Terraform knows a stack's own providers alone: a stack within another one inherits none.
    if (TerraformStack.isStack(each)) return undefined;
  }
  return undefined;
}

/** An id is a part of the addresses in Terraform's state. */
function checkId({ node }: Construct): void {
  if (!node.scopes.some((each) => isReference(each.node.id))) return;
  throw new ConstructError(
    'NAME',
    'The id of a construct is only known to Terraform. Expected a literal. To declare one for each member of a list, loop over ' +
      'a list that is known at synth.',
  );
}

function deployWithProvider(node: IConstruct): void {
  const isOurs = TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node);
  if (!isOurs || node.provider !== undefined || !node.terraformResourceType.startsWith('aws_')) return;
  node.provider = providerOf(node);
}

function checkProvider(scope: Construct, provider: unknown): void {
  if (!TerraformProvider.isTerraformProvider(provider)) {
    throw refused(`The provider of ${scope.node.path} is not an AwsProvider: new AwsProvider(stack, …)`);
  }
  if (provider.terraformResourceType !== 'aws') {
    const found = `a provider for ${provider.terraformResourceType}`;
    throw refused(`The provider of ${scope.node.path} is ${found}. Expected an AwsProvider`);
  }
  if (isReference((provider as AwsProvider).alias)) {
    throw refused(`The alias of the provider of ${scope.node.path} is only known to Terraform. Expected a literal`);
  }
  if (TerraformStack.of(provider) === TerraformStack.of(scope)) return;
  throw refused(
    `The provider ${provider.node.path} is of another stack than ${scope.node.path}. Terraform knows only a stack's own ` +
      'providers: declare one in each stack',
  );
}

function refused(problem: string): ConstructError {
  return new ConstructError('OPTIONS', `${problem}.`);
}
