import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition */
export const partition = resourceType({}, () => ({ id: 'aws', partition: 'aws', dns_suffix: 'amazonaws.com' }));
