const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * AWS's managed policies that functions commonly have: JSON documents by ARN.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html
 */
const POLICIES: ReadonlyMap<string, string> = new Map([
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', allowing(LOGS)],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole', allowing([...LOGS, ...NETWORK_INTERFACES])],
]);

/** A managed policy's document. Undefined if it is not known here. */
export function managedPolicy(arn: string): string | undefined {
  return POLICIES.get(arn.replace(/^arn:aws-[^:]+:/, 'arn:aws:'));
}

/** The ARNs of the managed policies that are known here. */
export const managedPolicyArns: readonly string[] = [...POLICIES.keys()];

function allowing(actions: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
}
