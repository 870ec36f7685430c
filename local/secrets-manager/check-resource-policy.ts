import { isPublic as isPublicStatement } from '../../rules/resource-policy/is-public.ts';
import { PolicyRefused, parsePolicy } from '../../rules/resource-policy/parse-policy.ts';
import type { PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import { problemOfStatements } from '../../rules/resource-policy/problem-of-statements.ts';
import { type AuthorizationRequest, findingsIn } from '../permissions/evaluate-policy.ts';

/**
 * Why Secrets Manager does not take a text for a resource policy, in AWS's words. Undefined if it does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function malformed(policy: string): string | undefined {
  if (!isJsonObject(policy)) return 'This resource policy contains invalid Json.';
  const statements = statementsOf(policy);
  if (statements === undefined) return SYNTAX;
  const problem = problemOfStatements(statements);
  if (problem === undefined) return undefined;
  return problem.kind === 'syntax' ? SYNTAX : 'This resource policy contains an unsupported principal.';
}

const SYNTAX = 'This resource policy contains a syntax error.';

function statementsOf(policy: string): readonly PolicyStatement[] | undefined {
  try {
    return parsePolicy(policy);
  } catch (error) {
    if (error instanceof PolicyRefused) return undefined;
    throw error;
  }
}

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

/**
 * Whether a policy allows access to everybody.
 *
 * @param policy one that is not malformed
 */
export function isPublic(policy: string): boolean {
  return parsePolicy(policy).some(isPublicStatement);
}

/** Whether a policy denies its own author what it takes to change it again. */
export function locksOut(policy: string, request: Omit<AuthorizationRequest, 'action'>): boolean {
  return ['PutResourcePolicy', 'DeleteResourcePolicy'].some((action) =>
    findingsIn({ name: 'to validate', document: policy }, { ...request, action: `secretsmanager:${action}` }).some(
      ({ effect }) => effect === 'Deny',
    ),
  );
}
