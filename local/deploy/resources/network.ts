import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../../account.ts';
import { blocks, resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** An id and an ARN, as EC2 makes them, such as a `security-group` with the id `sg-0a1b2c3d4e5f67890`. */
function ec2Resource(type: string, prefix: string, account: Account): { id: string; arn: string } {
  const id = `${prefix}-0${randomBytes(8).toString('hex')}`;
  return { id, arn: `arn:${account.partition}:ec2:${account.region}:${account.id}:${type}/${id}` };
}

/** The addresses of a default VPC in AWS. */
const CIDR_BLOCK = '172.31.0.0/16';

/**
 * Every VPC exists.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/vpc
 */
export const vpc = resourceType({ id: v.string() }, () => ({
  cidr_block: CIDR_BLOCK,
  cidr_block_associations: [{ cidr_block: CIDR_BLOCK }],
}));

/**
 * Every subnet exists, and all are in one VPC.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/subnet
 */
export const subnet = resourceType({ id: v.string() }, () => ({ vpc_id: 'vpc-0123456789abcdef0' }));

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group */
export const securityGroup = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    description: v.optional(v.string()),
    vpc_id: v.optional(v.string()),
    ingress: v.optional(
      blocks({
        description: v.optional(v.string()),
        protocol: v.string(),
        from_port: v.number(),
        to_port: v.number(),
        cidr_blocks: v.optional(v.array(v.string())),
      }),
    ),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name, name_prefix }, { account }) => ({
    ...ec2Resource('security-group', 'sg', account),
    name: name ?? uniqueId(name_prefix),
  }),
);

/**
 * What a security group lets in or out.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_egress_rule
 */
export const vpcSecurityGroupRule = resourceType(
  {
    security_group_id: v.string(),
    description: v.optional(v.string()),
    ip_protocol: v.string(),
    from_port: v.optional(v.number()),
    to_port: v.optional(v.number()),
    cidr_ipv4: v.optional(v.string()),
    referenced_security_group_id: v.optional(v.string()),
  },
  (_values, { account }) => ec2Resource('security-group-rule', 'sgr', account),
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint */
export const vpcEndpoint = resourceType(
  {
    vpc_id: v.string(),
    service_name: v.string(),
    vpc_endpoint_type: v.optional(v.string()),
    private_dns_enabled: v.optional(v.boolean()),
    subnet_ids: v.optional(v.array(v.string())),
    security_group_ids: v.optional(v.array(v.string())),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  (_values, { account }) => ec2Resource('vpc-endpoint', 'vpce', account),
);
