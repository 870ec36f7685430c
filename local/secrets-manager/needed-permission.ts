import * as v from 'valibot';
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
  const policy = secret?.resourcePolicy;
  return {
    action: `secretsmanager:${action}`,
    resource: secret?.arn ?? SecretId ?? created ?? '*',
    resourcePolicy: policy === undefined ? undefined : { name: `of the secret ${secret?.name}`, document: policy },
    context: { ...requestContext(action, input), ...(secret && secretContext(secret)) },
  };
}

/** The condition keys of a request, each with the field that it shows. */
const KEYS_OF_FIELDS: readonly (readonly [key: string, field: string, actions: readonly string[]])[] = [
  ['SecretId', 'SecretId', []],
  ['VersionId', 'VersionId', ['GetSecretValue']],
  // A request that names no stage has no such key, although it means AWSCURRENT.
  ['VersionStage', 'VersionStage', ['GetSecretValue', 'UpdateSecretVersionStage']],
  ['Name', 'Name', ['CreateSecret']],
  ['Description', 'Description', ['CreateSecret', 'UpdateSecret']],
  ['KmsKeyId', 'KmsKeyId', ['CreateSecret', 'UpdateSecret']],
  ['RotationLambdaARN', 'RotationLambdaARN', ['RotateSecret']],
  ['RotateImmediately', 'RotateImmediately', ['RotateSecret']],
  ['BlockPublicPolicy', 'BlockPublicPolicy', ['PutResourcePolicy']],
  ['ForceDeleteWithoutRecovery', 'ForceDeleteWithoutRecovery', ['DeleteSecret']],
];

const Tags = v.object({ Tags: v.array(v.object({ Key: v.string(), Value: v.string() })) });
const TagKeys = v.object({ TagKeys: v.array(v.string()) });
const Replicas = v.object({ AddReplicaRegions: v.array(v.object({ Region: v.string() })) });

function requestContext(action: string, input: unknown): RequestContext {
  const fields = Object(input);
  const shown = KEYS_OF_FIELDS.filter(([, , actions]) => actions.length === 0 || actions.includes(action));
  return {
    ...Object.fromEntries(shown.map(([key, field]) => [`secretsmanager:${key}`, textOf(fields[field])])),
    ...(v.is(Replicas, input) && {
      'secretsmanager:AddReplicaRegions': input.AddReplicaRegions.map(({ Region }) => Region),
    }),
    ...(v.is(TagKeys, input) && { 'aws:TagKeys': input.TagKeys }),
    ...(v.is(Tags, input) && {
      'aws:TagKeys': input.Tags.map(({ Key }) => Key),
      ...Object.fromEntries(input.Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}

function secretContext({ rotation, tags = new Map(), primaryRegion }: Secret): RequestContext {
  const byTag = [...tags].flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`secretsmanager:ResourceTag/${key}`, value],
  ]);
  return {
    'secretsmanager:resource/AllowRotationLambdaArn': rotation?.lambdaArn,
    'secretsmanager:SecretPrimaryRegion': primaryRegion,
    ...Object.fromEntries(byTag),
  };
}
