import { rootOf } from '../../account.ts';
import { partitionOf } from '../../partition.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity */
export const callerIdentity = resourceType({}, (_values, { account }) => ({
  id: account.id,
  account_id: account.id,
  arn: rootOf(account).arn,
}));

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition */
export const partition = resourceType({}, (_values, { account }) => {
  const { name, dnsSuffix } = partitionOf(account.region);
  return { id: name, partition: name, dns_suffix: dnsSuffix };
});

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/region */
export const region = resourceType({}, (_values, { account }) => ({
  id: account.region,
  name: account.region,
  region: account.region,
}));
