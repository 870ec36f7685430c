import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { keyArn } from '../kms/existing-key.ts';
import { partitionOf } from '../partition.ts';
import type { NeededPermission } from '../permissions/authorize.ts';
import { placeOf } from '../place.ts';
import { textFields } from '../text-fields.ts';

/** A permission, and the account whose key it is for. */
export interface KeyPermission extends NeededPermission {
  readonly owner: Account;
}

/**
 * What Secrets Manager asks KMS for on behalf of the caller. Under AWS's own key: nothing. Under a customer key: to decrypt
 * a value that is read, and to encrypt a value that is written. The key's own policy must let its account or the caller in.
 *
 * @param account the secret's
 * @param callerId the caller's account
 * @throws InvalidRequestException the caller is in another account, which AWS's own key does not let in.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function keyPermissions(action: string, input: unknown, account: Account, callerId: string): KeyPermission[] {
  const use = keyUse(action, input, account);
  if (!use) return [];
  if (isOfAws(use.keyId)) {
    if (callerId !== account.id) throw noDefaultKey();
    return [];
  }
  const context = {
    'kms:CallerAccount': callerId,
    'kms:ViaService': `secretsmanager.${account.region}.${partitionOf(account.region).dnsSuffix}`,
    'kms:EncryptionContext:SecretARN': use.secretArn,
    'kms:EncryptionContext:SecretVersionId': use.versionId,
  };
  const owner = account.at(placeOf(use.keyId) ?? {});
  const key = owner.keys.find(use.keyId);
  // The key itself, not the alias that points to it.
  const resource = key?.Arn ?? keyArn(use.keyId, account);
  const resourcePolicy = key && { name: `of the key ${key.Arn}`, document: key.policy };
  const needsResourcePolicy = key !== undefined;
  return use.actions.map((each) => ({ action: each, resource, resourcePolicy, needsResourcePolicy, context, owner }));
}

function noDefaultKey(): AwsError {
  return new AwsError(
    'InvalidRequestException',
    "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
  );
}

interface KeyUse {
  readonly actions: readonly string[];
  readonly keyId: string;
  readonly secretArn: string;
  readonly versionId: string | undefined;
}

function keyUse(action: string, input: unknown, account: Account): KeyUse | undefined {
  const { SecretId, Name, VersionId, VersionStage, ...fields } = textFields(input);
  const secret = account.secrets.find(SecretId ?? Name ?? '');
  if (action === 'GetSecretValue') {
    const versionId = VersionId ?? secret?.stages.get(VersionStage ?? 'AWSCURRENT') ?? '';
    const version = secret?.versions.get(versionId);
    if (!secret || !version?.value) return undefined;
    return { actions: ['kms:Decrypt'], keyId: secret.keyOf(version, account.region), secretArn: secret.arn, versionId };
  }
  const isWritten = ['CreateSecret', 'PutSecretValue', 'UpdateSecret'].includes(action);
  if (!isWritten || (fields.SecretString ?? fields.SecretBinary) === undefined) return undefined;
  const { partition, region, id } = account;
  return {
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    keyId: fields.KmsKeyId ?? secret?.kmsKeyId ?? '',
    secretArn: secret?.arn ?? `arn:${partition}:secretsmanager:${region}:${id}:secret:${Name ?? ''}`,
    versionId: fields.ClientRequestToken,
  };
}

/** Whether the key is AWS's own, which needs no permission. */
export function isOfAws(keyId: string): boolean {
  return keyId === '' || keyId === 'DefaultEncryptionKey' || /(^|:)alias\/aws\/secretsmanager$/.test(keyId);
}
