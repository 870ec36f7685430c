/** The calls to Secrets Manager that change nothing. */
export const READS = ['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds'];
