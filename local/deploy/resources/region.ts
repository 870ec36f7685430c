import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/region */
export const region = resourceType({}, (_values, { account }) => ({
  id: account.region,
  name: account.region,
  region: account.region,
}));
