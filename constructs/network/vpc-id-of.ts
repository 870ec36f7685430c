import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet/index.js';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { isLate, lateArgument } from '../terraform/late-value.ts';
import { isReference } from '../terraform/references.ts';

/** The VPC that the subnets are in: all in the same, so the first one tells. */
export function vpcIdOf(scope: Construct, subnetIds: readonly string[]): string {
  const id = isReference(subnetIds)
    ? Fn.element(isLate(subnetIds) ? lateArgument(subnetIds) : subnetIds, 0)
    : subnetIds[0];
  return new DataAwsSubnet(scope, 'subnet', { id }).vpcId;
}
