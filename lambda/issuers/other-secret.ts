import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { secretName } from '../rotation/rotation-event.ts';

/**
 * What a secret that the rotation proves itself with holds, such as an OAuth client's.
 * @throws CONFIGURATION if it is the rotated secret itself; what `RotationContext.secret` throws
 */
export async function otherSecret<Value>(
  { secret, secretId }: Pick<RotationContext, 'secret' | 'secretId'>,
  arn: string,
  schema: StandardSchemaV1<unknown, Value>,
  publicFields: readonly string[],
): Promise<Value> {
  if (arn === secretId || arn === secretName(secretId)) {
    throw new RotationError(
      'CONFIGURATION',
      `The secret with the credentials, ${arn}, is the rotated secret itself: anyone who can read the token could also ` +
        'read the credentials. Expected a secret of their own.',
    );
  }
  return secret(arn, schema, publicFields);
}
