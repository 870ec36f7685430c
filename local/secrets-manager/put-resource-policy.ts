import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { usableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * Sets a secret's resource policy. It is stored, and has no effect here: callers are judged
 * by the policies of their role.
 *
 * @throws MalformedPolicyDocumentException the policy is not a JSON object.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
 */
export const putResourcePolicy = action(
  v.strictObject({
    SecretId,
    ResourcePolicy: v.pipe(v.string(), v.minLength(1), v.maxLength(20_480)),
    /** Whether to refuse a policy that grants access to everyone. */
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
