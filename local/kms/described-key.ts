import type { Account } from '../account.ts';
import type { Key } from './key-store.ts';

/** A key as the API shows it. */
export function describedKey({ KeyId, Arn, CreationDate, Description, deletionDate }: Key, { id }: Account) {
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
