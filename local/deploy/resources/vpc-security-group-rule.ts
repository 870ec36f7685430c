import * as v from 'valibot';
import { ec2Resource } from '../ec2-resource.ts';
import { resourceType } from '../resource-type.ts';

/**
 * What a security group lets in, or out.
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
