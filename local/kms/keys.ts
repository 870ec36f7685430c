import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type Account, rootOf } from '../account.ts';
import { action } from './action.ts';
import { existingKey, keyArn, usableKey } from './existing-key.ts';
import { KeyId, Policy, Tags } from './fields.ts';
import type { Key } from './key-store.ts';

/**
 * Creates a customer key. Its policy decides with the caller's own who may use it for a secret.
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
    const key = addKey(randomUUID(), account);
    key.Description = Description;
    key.policy = Policy ?? key.policy;
    for (const { TagKey, TagValue } of Tags) key.tags.set(TagKey, TagValue);
    return { KeyMetadata: describedKey(key, account) };
  },
);

/**
 * A new key, with AWS's default policy: its account decides who may use it.
 *
 * @param users other accounts that its policy lets decide, too
 */
export function addKey(KeyId: string, account: Account, users: readonly Account[] = []): Key {
  const key: Key = {
    KeyId,
    Arn: keyArn(KeyId, account),
    CreationDate: account.clock.now(),
    Description: '',
    policy: defaultPolicy([account, ...users]),
    tags: new Map(),
  };
  account.keys.add(key);
  return key;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultPolicy(accounts: readonly Account[]): string {
  const principals = accounts.map((account) => rootOf(account).arn);
  const Statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0] : principals },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [Statement] });
}

/**
 * Describes a key. Also works if the key is pending deletion.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 */
export const describeKey = action(v.strictObject({ KeyId }), ({ KeyId }, account) => ({
  KeyMetadata: describedKey(existingKey(KeyId, account), account),
}));

/**
 * Changes a key's description.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html
 */
export const updateKeyDescription = action(
  v.strictObject({ KeyId, Description: v.pipe(v.string(), v.maxLength(8192)) }),
  ({ KeyId, Description }, account): void => {
    usableKey(KeyId, account).Description = Description;
  },
);

const DAY_MS = 86_400_000;

/**
 * Schedules a key for deletion, in 7 to 30 days. Here it then stays in the account, and cannot be used.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
 */
export const scheduleKeyDeletion = action(
  v.strictObject({
    KeyId,
    PendingWindowInDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(7), v.maxValue(30)), 30),
  }),
  ({ KeyId, PendingWindowInDays }, account) => {
    const key = usableKey(KeyId, account);
    key.deletionDate = new Date(account.clock.now().getTime() + PendingWindowInDays * DAY_MS);
    return { KeyId: key.Arn, DeletionDate: key.deletionDate, KeyState: 'PendingDeletion', PendingWindowInDays };
  },
);

/** A key as the API shows it. */
function describedKey({ KeyId, Arn, CreationDate, Description, deletionDate }: Key, { id }: Account) {
  return {
    AWSAccountId: id,
    KeyId,
    Arn,
    CreationDate,
    Enabled: !deletionDate,
    Description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: deletionDate ? 'PendingDeletion' : 'Enabled',
    DeletionDate: deletionDate,
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}
