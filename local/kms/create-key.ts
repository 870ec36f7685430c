import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { rootOf } from '../root-of.ts';
import { action } from './action.ts';
import { describedKey } from './described-key.ts';
import { Policy, Tags } from './fields.ts';
import { keyArn } from './key-arn.ts';
import type { Key } from './key-store.ts';

/**
 * Makes a customer key. Who may use a secret's key is judged by the role's policies alone; the key's own policy is kept.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
 */
export const createKey = action(
  v.strictObject({
    Description: v.optional(v.pipe(v.string(), v.maxLength(8192)), ''),
    Policy: v.optional(Policy),
    Tags: v.optional(Tags, []),
    BypassPolicyLockoutSafetyCheck: v.optional(v.boolean()),
    MultiRegion: v.optional(v.literal(false)),
    KeyUsage: v.optional(v.literal('ENCRYPT_DECRYPT')),
    KeySpec: v.optional(v.literal('SYMMETRIC_DEFAULT')),
    CustomerMasterKeySpec: v.optional(v.literal('SYMMETRIC_DEFAULT')),
  }),
  ({ Description, Policy, Tags }, account) => {
    const KeyId = randomUUID();
    const key: Key = {
      KeyId,
      Arn: keyArn(KeyId, account),
      CreationDate: account.clock.now(),
      Description,
      policy: Policy ?? defaultPolicy(account),
      tags: new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    };
    account.keys.add(key);
    return { KeyMetadata: describedKey(key, account) };
  },
);

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultPolicy(account: Account): string {
  const Statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: rootOf(account).arn },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [Statement] });
}
