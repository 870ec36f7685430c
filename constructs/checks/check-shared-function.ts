import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import type { RotationFunction } from '../rotation-function.ts';
import type { Replica } from '../secret/replicas.ts';
import { isSamePlace, placeName } from '../terraform/known-place.ts';
import { isReference } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';

interface Sharing {
  readonly refreshEveryMinutes?: number;
  readonly kmsKeyArn?: string;
  readonly functionOptions?: object;
  readonly replicas?: readonly Replica[] | undefined;
}

/**
 * Refuses a secret that a shared function could not rotate: its role and its permission cover one prefix and the keys that
 * were declared with it.
 * @param secretName the secret's name, or how it begins
 * @throws NAME, OPTIONS
 */
export function checkSharedFunction(
  scope: Construct,
  shared: RotationFunction,
  secretName: string,
  { refreshEveryMinutes, kmsKeyArn, functionOptions, replicas = [] }: Sharing,
): void {
  const { secretNamePrefix: prefix, kmsKeyArns } = shared;
  if (prefix === undefined) {
    throw new ConstructError(
      'OPTIONS',
      `The function ${shared.node.path} was declared with a secretArn, only for that secret. Declare it with a secretNamePrefix.`,
    );
  }
  if (TerraformStack.of(shared) !== TerraformStack.of(scope)) {
    throw new ConstructError(
      'OPTIONS',
      `The function ${shared.node.path} is in another stack than the secret ${scope.node.path}. Declare one in each stack.`,
    );
  }
  if (!isSamePlace(shared, scope)) {
    throw new ConstructError(
      'OPTIONS',
      `The function ${shared.node.path} is in ${placeName(shared)}, and the secret ${scope.node.path} in ${placeName(scope)}. Secrets ` +
        "Manager invokes only functions of a secret's own region and account: declare a function with each provider.",
    );
  }
  if (isReference(secretName)) {
    throw new ConstructError(
      'NAME',
      `A secret of the shared function ${shared.node.path} has a name that only Terraform knows. Expected a literal that ` +
        `begins with "${prefix}", the function's secretNamePrefix.`,
    );
  }
  if (!secretName.startsWith(prefix)) {
    throw new ConstructError(
      'NAME',
      `The secret "${secretName}" is outside "${prefix}", the secretNamePrefix of its function ${shared.node.path}. Give it a ` +
        'name that begins with it, or its own function: a Rotation as rotation.',
    );
  }
  // Each read of an attribute makes another token for the same.
  const key = resolveTokens(kmsKeyArn, scope);
  const isKnown = !isReference(kmsKeyArns);
  if (key !== undefined && isKnown && !kmsKeyArns.some((arn) => resolveTokens(arn, scope) === key)) {
    throw new ConstructError(
      'OPTIONS',
      `The key of the secret "${secretName}" is not one that its function ${shared.node.path} may use. Add it to the function's ` +
        'kmsKeyArns.',
    );
  }
  const without = replicas.find(
    (replica) => replica.kmsKeyArn !== undefined && !shared.replicas.some((each) => isSame(scope, each, replica)),
  );
  if (without !== undefined) {
    throw new ConstructError(
      'OPTIONS',
      `The secret "${secretName}" has a replica with a customer key, which its function ${shared.node.path} may not use. Give the ` +
        'same replica to the RotationFunction: replicas.',
    );
  }
  if (refreshEveryMinutes !== undefined) {
    throw new ConstructError(
      'OPTIONS',
      `The secret "${secretName}" has refreshEveryMinutes and a shared function, which does not support it. Give the secret its ` +
        'own function: a Rotation as rotation.',
    );
  }
  if (functionOptions !== undefined) {
    throw new ConstructError(
      'OPTIONS',
      `The secret "${secretName}" has functionOptions and a shared function. Give them to the RotationFunction: they apply ` +
        'to all its secrets.',
    );
  }
}

function isSame(scope: Construct, one: Replica, other: Replica): boolean {
  return ['region' as const, 'kmsKeyArn' as const].every(
    (part) => resolveTokens(one[part], scope) === resolveTokens(other[part], scope),
  );
}
