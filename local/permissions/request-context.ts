import { NotUnderstood } from './not-understood.ts';

/** The values of a request's condition keys, by name; a key that is left out, or undefined, the request does not have. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

const KEYS = [
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:RequestedRegion',
  'aws:ResourceAccount',
  'aws:SourceAccount',
  'aws:SourceArn',
  'kms:CallerAccount',
  'kms:ViaService',
  'secretsmanager:SecretId',
  'secretsmanager:VersionId',
  'secretsmanager:VersionStage',
  'secretsmanager:resource/AllowRotationLambdaArn',
];
const FAMILIES = ['aws:ResourceTag/', 'kms:EncryptionContext:', 'secretsmanager:ResourceTag/'];

/**
 * What a request has for a condition key, in whatever case it is written.
 *
 * @throws NotUnderstood for a key that no request here would ever have: in AWS the request might.
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
