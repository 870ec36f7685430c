import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import { StackPlace } from '../terraform/stack-place.ts';

const DESCRIBE = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
const CHANGE = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * What the role of a function in a VPC may do: Lambda connects the function with it, and the function's own code may not
 * use it.
 * @param functionArn the function that must not use it
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function networkStatements(scope: Construct, functionArn: string): DataAwsIamPolicyDocumentStatement[] {
  const { partition, region } = StackPlace.of(scope);
  return [
    {
      sid: 'ConnectTheFunction',
      actions: CHANGE,
      // Interfaces have no name before they are made; subnets may be those that another account shares.
      resources: [`arn:${partition}:ec2:${region}:*:*/*`],
    },
    // EC2 lets neither action be limited to a resource.
    { sid: 'SeeTheNetwork', actions: DESCRIBE, resources: ['*'] },
    {
      sid: 'KeepTheNetworkFromTheCode',
      effect: 'Deny',
      actions: [...CHANGE, ...DESCRIBE],
      resources: ['*'],
      condition: [{ test: 'ArnEquals', variable: 'lambda:SourceFunctionArn', values: [functionArn] }],
    },
  ];
}
