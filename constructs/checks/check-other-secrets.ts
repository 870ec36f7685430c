import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import { nameInArn } from '../secret/name-in-arn.ts';
import { isReference } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';

/** A secret that is declared here, whose ARN only Terraform knows, or one that is there already. */
interface Rotated {
  readonly arn: string;
  readonly name: string;
  /** Whether AWS adds characters to the name. */
  readonly isPrefix?: boolean;
}

/**
 * Refuses a secret whose rotation would log in with that same secret: stopped half-way, it could not go on. A literal ARN is that of a
 * secret that is declared here if it has its name.
 * @throws OPTIONS
 */
export function checkOtherSecrets(scope: Construct, rotated: Rotated, otherSecretArns: readonly string[]): void {
  const arn = resolveTokens(rotated.arn, scope);
  const isByName = isReference(rotated.arn) && !rotated.isPrefix;
  const isItself = (other: string) =>
    resolveTokens(other, scope) === arn || (isByName && !isReference(other) && nameInArn(other) === rotated.name);
  if (!otherSecretArns.some(isItself)) return;
  throw new ConstructError(
    'OPTIONS',
    `The secret ${scope.node.path} would be rotated with a login of its own: the other secret that its rotation uses is the ` +
      'same one. Expected the secret of another user, such as an administrator.',
  );
}
