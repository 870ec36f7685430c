import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { isPublic, malformed } from './check-resource-policy.ts';
import { writableSecret } from './existing-secret.ts';
import { ResourcePolicy, SecretId } from './fields.ts';

/**
 * Sets a secret's resource policy, which decides with the caller's own policies who may do what with the secret.
 *
 * @throws MalformedPolicyDocumentException the text is no resource policy.
 * @throws PublicPolicyException it allows access to everybody, and `BlockPublicPolicy` is set.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
 */
export const putResourcePolicy = action(
  v.strictObject({ SecretId, ResourcePolicy, BlockPublicPolicy: v.optional(v.boolean(), false) }),
  ({ SecretId, ResourcePolicy, BlockPublicPolicy }, account) => {
    const secret = writableSecret(SecretId, account);
    const reason = malformed(ResourcePolicy);
    if (reason !== undefined) throw new AwsError('MalformedPolicyDocumentException', reason);
    if (BlockPublicPolicy && isPublic(ResourcePolicy)) {
      throw new AwsError(
        'PublicPolicyException',
        "You can't attach a resource-based policy that allows broad access to the secret.",
      );
    }
    secret.resourcePolicy = ResourcePolicy;
    return { ARN: secret.arn, Name: secret.name };
  },
);
