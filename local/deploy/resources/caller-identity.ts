import { rootOf } from '../../root-of.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity */
export const callerIdentity = resourceType({}, (_values, { account }) => ({
  id: account.id,
  account_id: account.id,
  arn: rootOf(account).arn,
}));
