import { AwsError } from '../aws-error.ts';

/**
 * The document, unchanged, if it is a JSON object.
 *
 * @throws MalformedPolicyDocument it is not a JSON object.
 */
export function policyDocument(document: string): string {
  try {
    const parsed: unknown = JSON.parse(document);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return document;
  } catch {
    // Falls through: text that is not JSON is refused like JSON that is not an object.
  }
  throw new AwsError('MalformedPolicyDocument', 'The policy is not in the valid JSON format.');
}
