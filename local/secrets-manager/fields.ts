import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { TagKey, TagValue } from '../tag.ts';
import type { SecretValue } from './secret-content.ts';

const INVALID_NAME =
  'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
const ARN_PREFIX = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:/;
const VALUE_BYTES = 65_536;

function isName(name: string): boolean {
  return /^[A-Za-z0-9/_+=.@!-]+$/.test(name);
}

export const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(512), v.check(isName, INVALID_NAME));

/** A name, an ARN, or an ARN without its suffix. */
export const SecretId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(2048),
  v.check((secretId) => isName(secretId.replace(ARN_PREFIX, '')), INVALID_NAME),
);

export const VersionId = v.pipe(v.string(), v.minLength(32), v.maxLength(64));
export const VersionStage = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
export const Description = v.pipe(v.string(), v.maxLength(2048));
export const KmsKeyId = v.pipe(v.string(), v.maxLength(2048));
export const ResourcePolicy = v.pipe(v.string(), v.minLength(1), v.maxLength(20_480));
export const Tags = v.array(v.strictObject({ Key: TagKey, Value: TagValue }));

/** The two fields of a value. A request has at most one of them. */
export const VALUE = {
  SecretString: v.optional(v.pipe(v.string(), v.minLength(1), v.maxBytes(VALUE_BYTES))),
  SecretBinary: v.optional(
    v.pipe(
      v.string(),
      v.base64(),
      v.minLength(1),
      v.check(
        (base64) => Buffer.byteLength(base64, 'base64') <= VALUE_BYTES,
        `1 validation error detected: Value at 'SecretBinary' failed to satisfy constraint: Member must have a length in bytes less than or equal to ${VALUE_BYTES}`,
      ),
    ),
  ),
} as const;

/**
 * The value that a request carries, if any.
 *
 * @throws InvalidParameterException it carries two.
 */
export function secretValue({ SecretString, SecretBinary }: SecretValue): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

/**
 * The request's token, which becomes the version's id. SDKs create it if their user gives none.
 *
 * @param code RotateSecret has a different one.
 * @throws InvalidRequestException there is none.
 */
export function requiredToken(token: string | undefined, code = 'InvalidRequestException'): string {
  if (token !== undefined) return token;
  throw new AwsError(code, 'You must provide a ClientRequestToken value. We recommend a UUID-type value.');
}
