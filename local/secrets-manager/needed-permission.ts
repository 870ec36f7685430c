import type { Account } from '../account.ts';
import type { NeededPermission } from '../permissions/authorize.ts';
import type { RequestContext } from '../permissions/request-context.ts';
import { textFields } from '../text-fields.ts';
import type { Secret } from './secret.ts';

/**
 * The permission that a call to Secrets Manager needs. The resource is the secret's full ARN. If the secret does not exist, it is
 * the name or ARN that the caller gave.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export function secretsManagerPermission(action: string, input: unknown, account: Account): NeededPermission {
  const { Name, SecretId } = textFields(input);
  const secret = SecretId === undefined ? undefined : account.secrets.find(SecretId);
  const created = Name && `arn:${account.partition}:secretsmanager:${account.region}:${account.id}:secret:${Name}`;
  return {
    action: `secretsmanager:${action}`,
    resource: secret?.arn ?? SecretId ?? created ?? '*',
    context: { ...requestContext(action, input), ...(secret && secretContext(secret)) },
  };
}

function requestContext(action: string, input: unknown): RequestContext {
  const { SecretId, VersionId, VersionStage } = textFields(input);
  const about = { 'secretsmanager:SecretId': SecretId };
  if (action === 'UpdateSecretVersionStage') return { ...about, 'secretsmanager:VersionStage': VersionStage };
  if (action !== 'GetSecretValue') return about;
  return {
    ...about,
    'secretsmanager:VersionId': VersionId,
    'secretsmanager:VersionStage': VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined),
  };
}

function secretContext({ rotation, tags = new Map() }: Secret): RequestContext {
  const byTag = [...tags].flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`secretsmanager:ResourceTag/${key}`, value],
  ]);
  return {
    'secretsmanager:resource/AllowRotationLambdaArn': rotation?.lambdaArn,
    ...Object.fromEntries(byTag),
  };
}
