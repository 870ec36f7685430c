import * as v from 'valibot';
import { ec2Resource } from '../ec2-resource.ts';
import { resourceType } from '../resource-type.ts';

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
