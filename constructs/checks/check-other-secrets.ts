import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';

/**
 * Refuses a secret whose rotation would log in with that same secret: stopped half-way, it could not go on.
 * @throws OPTIONS
 */
export function checkOtherSecrets(scope: Construct, secretArn: string, otherSecretArns: readonly string[]): void {
  const arn = resolveTokens(secretArn, scope);
  if (!otherSecretArns.some((other) => resolveTokens(other, scope) === arn)) return;
  throw new ConstructError(
    'OPTIONS',
    `The secret ${scope.node.path} would be rotated with a login of its own: the other secret that its rotation uses is the ` +
      'same one. Expected the secret of another user, such as an administrator.',
  );
}
