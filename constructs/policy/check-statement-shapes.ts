import type { Construct } from 'constructs';
import type { PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import { problemOfStatements } from '../../rules/resource-policy/problem-of-statements.ts';
import { ConstructError } from '../construct-error.ts';

/** Secrets Manager's limit for a policy, in characters. */
const MAX_CHARACTERS = 20_480;

/**
 * Refuses what AWS would refuse in a policy, or never match.
 * @throws OPTIONS
 */
export function checkStatementShapes(scope: Construct, statements: readonly PolicyStatement[]): void {
  const problem = problemOfStatements(statements);
  if (problem !== undefined) throw refused(scope, problem.text);
  const characters = statements.reduce((sum, each) => sum + charactersOf(each), 0);
  if (characters <= MAX_CHARACTERS) return;
  throw refused(
    scope,
    `has at least ${characters} characters in ${statements.length} statements, grants to readers of other accounts included. ` +
      `Secrets Manager accepts at most ${MAX_CHARACTERS}. Name an account instead of each of its roles`,
  );
}

/** The least that it has, since a text that only Terraform knows may be short. */
function charactersOf({ sid, name: _, conditions, ...statement }: PolicyStatement): number {
  const { principals = [], notPrincipals = [], ...rest } = statement;
  const ids = [...principals, ...notPrincipals].map(({ id }) => id);
  const tests = conditions.map(({ test, variable, values }) => [test, variable, values]);
  return JSON.stringify([sid, ids, tests, rest]).replaceAll(/\$\{[^}]*\}/g, '').length;
}

function refused(scope: Construct, problem: string): ConstructError {
  return new ConstructError('OPTIONS', `The resourcePolicy of ${scope.node.path} ${problem}.`);
}
