import * as v from 'valibot';
import { resourceType } from '../resource-type.ts';

/** The addresses of a default VPC in AWS. */
const CIDR_BLOCK = '172.31.0.0/16';

/**
 * Any VPC is there.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/vpc
 */
export const vpc = resourceType({ id: v.string() }, () => ({
  cidr_block: CIDR_BLOCK,
  cidr_block_associations: [{ cidr_block: CIDR_BLOCK }],
}));
