import type { Account } from '../account.ts';
import { isRegion } from '../partition.ts';
import { placeOf } from '../place.ts';
import { DeployError, placed } from './deploy-error.ts';
import { evaluate } from './expression/evaluate.ts';
import type { Expression } from './expression/expression.ts';
import type { Block, ProviderBlock, Stack } from './read-stack.ts';
import type { Scope } from './scope.ts';

/**
 * The accounts of a stack's AWS providers, by the providers' names: the region that each names, and the account of the last role that
 * it assumes. Without them it is in the default account and region.
 *
 * @throws VALUE a provider's region or role cannot be one.
 */
export function accountsOfProviders({ providers }: Stack, scope: Scope, home: Account): ReadonlyMap<string, Account> {
  const named = providers.map((provider): [string, Account] => [provider.name, accountOf(provider, scope, home)]);
  return new Map([['aws', home], ...named]);
}

function accountOf({ name, region, roleArns }: ProviderBlock, scope: Scope, home: Account): Account {
  const place = { region: home.region, id: home.id };
  const value = (field: string, expression: Expression) =>
    placed(`provider.${name}.${field}`, () => evaluate(expression, scope.resolve));
  if (region !== undefined) place.region = checkedRegion(`provider.${name}.region`, value('region', region));
  const roleArn = roleArns.at(-1);
  if (roleArn !== undefined) {
    const arn = value('assume_role.role_arn', roleArn);
    const id = typeof arn === 'string' && /:role\/./.test(arn) ? placeOf(arn)?.id : undefined;
    if (id === undefined) {
      throw new DeployError('VALUE', `provider.${name}.assume_role.role_arn: expected the ARN of a role.`);
    }
    place.id = id;
  }
  return home.at(place);
}

/**
 * The account that a block is in: the one of its provider, in the region that it names itself, if it does.
 *
 * @throws REFERENCE the stack does not declare the block's provider.
 */
export function accountOfBlock(
  { address, provider = 'aws' }: Block,
  region: unknown,
  accounts: ReadonlyMap<string, Account>,
  home: Account,
): Account {
  const account = provider.startsWith('aws') ? accounts.get(provider) : home;
  if (account === undefined) {
    throw new DeployError('REFERENCE', `${address}.provider: the stack does not declare the provider "${provider}".`);
  }
  return region === undefined || region === null
    ? account
    : account.at({ region: checkedRegion(`${address}.region`, region) });
}

function checkedRegion(place: string, region: unknown): string {
  if (typeof region === 'string' && isRegion(region)) return region;
  throw new DeployError('VALUE', `${place}: expected a region such as us-east-1.`);
}
