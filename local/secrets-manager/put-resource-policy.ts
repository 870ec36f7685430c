import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { usableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * Gives a secret a policy of its own, or another one. Here it is only kept: whoever is judged is of the same account, and
 * goes by the policies of the role.
 *
 * @throws MalformedPolicyDocumentException the policy is no JSON object.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
 */
export const putResourcePolicy = action(
  v.strictObject({
    SecretId,
    ResourcePolicy: v.pipe(v.string(), v.minLength(1), v.maxLength(20_480)),
    /** Whether to refuse one that lets everybody in. */
    BlockPublicPolicy: v.optional(v.boolean()),
  }),
  ({ SecretId, ResourcePolicy }, account) => {
    const secret = usableSecret(SecretId, account);
    if (!isJsonObject(ResourcePolicy)) {
      throw new AwsError('MalformedPolicyDocumentException', 'This resource policy contains invalid Json.');
    }
    secret.resourcePolicy = ResourcePolicy;
    return { ARN: secret.arn, Name: secret.name };
  },
);

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
