import * as v from 'valibot';
import { ec2Resource } from '../ec2-resource.ts';
import { blocks, resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

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
