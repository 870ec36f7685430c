import { NotUnderstood } from './not-understood.ts';

/** The values of a request's condition keys, by name. If a key is missing or undefined, the request does not have it. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

const KEYS = [
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalType',
  'aws:RequestedRegion',
  'aws:ResourceAccount',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:TagKeys',
  'aws:ViaAWSService',
  'kms:CallerAccount',
  'kms:ViaService',
  'secretsmanager:AddReplicaRegions',
  'secretsmanager:BlockPublicPolicy',
  'secretsmanager:Description',
  'secretsmanager:ForceDeleteWithoutRecovery',
  'secretsmanager:KmsKeyId',
  'secretsmanager:Name',
  'secretsmanager:RotateImmediately',
  'secretsmanager:RotationLambdaARN',
  'secretsmanager:SecretId',
  'secretsmanager:SecretPrimaryRegion',
  'secretsmanager:VersionId',
  'secretsmanager:VersionStage',
  'secretsmanager:resource/AllowRotationLambdaArn',
  'sts:ExternalId',
  'sts:RoleSessionName',
];
const FAMILIES = [
  'aws:PrincipalTag/',
  'aws:RequestTag/',
  'aws:ResourceTag/',
  'kms:EncryptionContext:',
  'secretsmanager:ResourceTag/',
];

/**
 * A request's value for a condition key. Upper and lower case do not matter.
 *
 * @throws NotUnderstood a key that no request here can have. In AWS, the request might have it.
 */
export function contextValue(context: RequestContext, key: string): string | readonly string[] | undefined {
  const sought = key.toLowerCase();
  const found = Object.keys(context).find((each) => each.toLowerCase() === sought);
  if (found !== undefined) return context[found];
  const isKnown =
    KEYS.some((each) => each.toLowerCase() === sought) ||
    FAMILIES.some((family) => sought.startsWith(family.toLowerCase()));
  if (isKnown) return undefined;
  throw new NotUnderstood(`the condition key ${key}`);
}
