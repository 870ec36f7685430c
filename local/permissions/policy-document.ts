import { AwsError } from '../aws-error.ts';

/**
 * The document, unchanged, where it is a JSON object.
 *
 * @throws MalformedPolicyDocument it is not.
 */
export function policyDocument(document: string): string {
  try {
    const parsed: unknown = JSON.parse(document);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return document;
  } catch {
    // Falls through: not JSON at all is refused like JSON that is no object.
  }
  throw new AwsError('MalformedPolicyDocument', 'The policy is not in the valid JSON format.');
}
