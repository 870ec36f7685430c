import { randomBytes } from 'node:crypto';
import type { Account } from '../account.ts';

/** The id and the ARN of what EC2 would have made, such as a `security-group` whose id is `sg-0a1b2c3d4e5f67890`. */
export function ec2Resource(type: string, prefix: string, account: Account): { id: string; arn: string } {
  const id = `${prefix}-0${randomBytes(8).toString('hex')}`;
  return { id, arn: `arn:aws:ec2:${account.region}:${account.id}:${type}/${id}` };
}
