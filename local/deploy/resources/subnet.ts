import * as v from 'valibot';
import { resourceType } from '../resource-type.ts';

/**
 * Any subnet is there, and all are in one VPC.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/subnet
 */
export const subnet = resourceType({ id: v.string() }, () => ({ vpc_id: 'vpc-0123456789abcdef0' }));
