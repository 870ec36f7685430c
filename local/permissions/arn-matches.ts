import { wildcardMatches } from './wildcard-matches.ts';

/**
 * Whether an ARN matches a pattern, as IAM's `ArnLike` does: `*` matches any characters and `?` matches one, within one of the
 * six parts between colons. The last part, the resource, may contain colons.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnMatches(pattern: string, arn: string): boolean {
  const patternParts = parts(pattern);
  const arnParts = parts(arn);
  if (patternParts.length !== arnParts.length) return false;
  return patternParts.every((part, index) => wildcardMatches(part, arnParts[index] ?? ''));
}

/** Whether a text has the six parts of an ARN, or of a pattern for ARNs. */
export function isArn(text: string): boolean {
  const [first, ...rest] = parts(text);
  return first === 'arn' && rest.length === 5;
}

function parts(arn: string): string[] {
  const split = arn.split(':');
  return split.length > 6 ? [...split.slice(0, 5), split.slice(5).join(':')] : split;
}
