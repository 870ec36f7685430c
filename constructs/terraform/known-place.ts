import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { providerOf } from './provider.ts';
import { isReference } from './references.ts';
import { resolveTokens } from './resolve-tokens.ts';

/** The provider that a scope, or a resource, gets: its own, one that is given for a scope around it, or the default one. */
export function providerFor(scope: Construct): AwsProvider | undefined {
  const own = TerraformResource.isTerraformResource(scope) ? (scope.provider as AwsProvider | undefined) : undefined;
  return own ?? providerOf(scope) ?? defaultProvider(TerraformStack.of(scope));
}

const defaults = new WeakMap<TerraformStack, AwsProvider>();

function defaultProvider(stack: TerraformStack): AwsProvider | undefined {
  const known = defaults.get(stack);
  if (known !== undefined) return known;
  const found = stack.node.children.find((child): child is AwsProvider => isDefault(child as AwsProvider));
  if (found !== undefined) defaults.set(stack, found);
  return found;
}

function isDefault({ terraformResourceType, alias }: AwsProvider): boolean {
  return terraformResourceType === 'aws' && alias === undefined;
}

/** The scope's region, such as `us-east-1`; undefined where only Terraform knows it. */
export function knownRegion(scope: Construct): string | undefined {
  const region = providerFor(scope)?.region;
  return isReference(region) ? undefined : region;
}

/** The scope's account, where its provider assumes a role of it, or is allowed in no other. */
export function knownAccount(scope: Construct): string | undefined {
  const [, assumed] = /^arn:[\w-]+:iam::(\d{12}):role\//.exec(knownDeployer(scope) ?? '') ?? [];
  if (assumed !== undefined) return assumed;
  const [account, ...others] = providerFor(scope)?.allowedAccountIds ?? [];
  return others.length > 0 || isReference(account) ? undefined : account;
}

/** The ARN of the role that Terraform deploys the scope's resources with, where the provider says which. */
export function knownDeployer(scope: Construct): string | undefined {
  const roles = resolveTokens(providerFor(scope)?.assumeRoleInput, scope);
  const last = Array.isArray(roles) ? roles.at(-1) : roles;
  const arn: unknown = Object(last).roleArn;
  return typeof arn === 'string' ? arn : undefined;
}

/** What decides in which account a provider's resources are: the same text is the same account. */
export function accountKey(scope: Construct): string {
  const provider = providerFor(scope);
  const { accessKey, allowedAccountIds, assumeRoleInput, assumeRoleWithWebIdentityInput } = provider ?? {};
  const { endpointsInput, profile, sharedConfigFiles, sharedCredentialsFiles } = provider ?? {};
  return JSON.stringify(
    resolveTokens(
      [
        ...[accessKey, allowedAccountIds, assumeRoleInput, assumeRoleWithWebIdentityInput],
        ...[endpointsInput, profile, sharedConfigFiles, sharedCredentialsFiles],
      ].map((value) => value ?? ''),
      scope,
    ),
  );
}

/** What decides in which region of which account a provider's resources are. */
export function placeKey(scope: Construct): string {
  return `${regionText(scope)} ${accountKey(scope)}`;
}

/** The scope's region as its provider has it: a name, an expression, or nothing. */
export function regionText(scope: Construct): string {
  return String(resolveTokens(providerFor(scope)?.region ?? '', scope));
}

/** Whether the resources of both scopes are surely in one region of one account. */
export function isSamePlace(one: Construct, other: Construct): boolean {
  return providerFor(one) === providerFor(other) || placeKey(one) === placeKey(other);
}

/** Where a scope's resources are, for a message. */
export function placeName(scope: Construct): string {
  const alias = providerFor(scope)?.alias;
  const provider = alias === undefined ? 'the default provider' : `the provider aws.${alias}`;
  const region = knownRegion(scope);
  return region === undefined ? provider : `${region} (${provider})`;
}

/** The partition of a region: what its ARNs begin with. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
