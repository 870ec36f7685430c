import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import type { RotationFunctionProps } from '../rotation-function-props.ts';
import { arnInRegion } from '../secret/replicas.ts';
import { checkNameAlphabet } from '../secret/secret-name.ts';
import { isReference } from '../terraform/references.ts';
import { StackPlace } from '../terraform/stack-place.ts';

/**
 * The ARN of the one secret, or with a `*` at its end of all whose names begin with the prefix.
 * @param region of the replica, where it is not the secret itself
 */
export function secretArnOf(
  scope: Construct,
  { secretArn, secretNamePrefix }: RotationFunctionProps,
  region?: string,
): string {
  if ((secretArn === undefined) === (secretNamePrefix === undefined)) {
    const found = secretArn === undefined ? 'neither' : 'both';
    throw new ConstructError(
      'OPTIONS',
      `RotationFunction needs a secretArn, for one secret, or a secretNamePrefix, for all secrets with names that begin with it; found ${found}.`,
    );
  }
  if (secretNamePrefix === undefined) return region === undefined ? secretArn : arnInRegion(scope, secretArn, region);
  if (isReference(secretNamePrefix)) {
    throw new ConstructError(
      'NAME',
      'The secretNamePrefix is only known to Terraform, so synth cannot compare names with it. Expected a literal.',
    );
  }
  checkNameAlphabet('secretNamePrefix', secretNamePrefix);
  return StackPlace.of(scope).arn('secretsmanager', `secret:${secretNamePrefix}*`, region);
}
