import type { Account } from '../account.ts';
import { keyArn } from '../kms/existing-key.ts';
import type { NeededPermission } from '../permissions/authorize.ts';
import { textFields } from '../text-fields.ts';

/**
 * What Secrets Manager asks KMS for on behalf of the caller. Under AWS's own key: nothing. Under a customer key: to decrypt
 * a value that is read, and to encrypt a value that is written.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function keyPermissions(action: string, input: unknown, account: Account): NeededPermission[] {
  const use = keyUse(action, input, account);
  if (!use || isOfAws(use.keyId)) return [];
  const context = {
    'kms:CallerAccount': account.id,
    'kms:ViaService': `secretsmanager.${account.region}.amazonaws.com`,
    'kms:EncryptionContext:SecretARN': use.secretArn,
    'kms:EncryptionContext:SecretVersionId': use.versionId,
  };
  // The key itself, not the alias that points to it.
  const resource = account.keys.find(use.keyId)?.Arn ?? keyArn(use.keyId, account);
  return use.actions.map((each) => ({ action: each, resource, context }));
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
    return { actions: ['kms:Decrypt'], keyId: version.kmsKeyId, secretArn: secret.arn, versionId };
  }
  const isWritten = ['CreateSecret', 'PutSecretValue', 'UpdateSecret'].includes(action);
  if (!isWritten || (fields.SecretString ?? fields.SecretBinary) === undefined) return undefined;
  return {
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    keyId: fields.KmsKeyId ?? secret?.kmsKeyId ?? '',
    secretArn:
      secret?.arn ?? `arn:${account.partition}:secretsmanager:${account.region}:${account.id}:secret:${Name ?? ''}`,
    versionId: fields.ClientRequestToken,
  };
}

/** Whether the key is AWS's own, which needs no permission. */
function isOfAws(keyId: string): boolean {
  return keyId === '' || keyId === 'DefaultEncryptionKey' || /(^|:)alias\/aws\/secretsmanager$/.test(keyId);
}
