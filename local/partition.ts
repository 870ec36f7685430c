interface Partition {
  /** Such as `aws`: the second part of every ARN. */
  readonly name: string;
  /** Such as `amazonaws.com`. */
  readonly dnsSuffix: string;
}

/** By how the names of its regions begin. */
const PARTITIONS: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', { name: 'aws-cn', dnsSuffix: 'amazonaws.com.cn' }],
  ['us-gov-', { name: 'aws-us-gov', dnsSuffix: 'amazonaws.com' }],
  ['us-iso-', { name: 'aws-iso', dnsSuffix: 'c2s.ic.gov' }],
  ['us-isob-', { name: 'aws-iso-b', dnsSuffix: 'sc2s.sgov.gov' }],
  ['eu-isoe-', { name: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk' }],
  ['us-isof-', { name: 'aws-iso-f', dnsSuffix: 'csp.hci.ic.gov' }],
  ['eusc-', { name: 'aws-eusc', dnsSuffix: 'amazonaws.eu' }],
];

/**
 * The partition that a region belongs to. An account is in one partition.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function partitionOf(region: string): Partition {
  const [, found] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return found ?? { name: 'aws', dnsSuffix: 'amazonaws.com' };
}

/** Whether it has the form of a region's name, such as `us-east-1` or `us-gov-west-1`. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2,4}(-[a-z]{2,12}){1,2}-\d{1,2}$/.test(text);
}
