import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';

/** What Terraform takes as blocks: it must know how many there are. */
const BLOCKS = ['principals', 'notPrincipals', 'condition'] as const;

/**
 * Refuses a statement, or a block of one, that Terraform alone knows. What stands in a block may be references.
 * @param what has the statements, as the start of a sentence
 * @throws OPTIONS
 */
export function checkStatements(what: string, statements: readonly DataAwsIamPolicyDocumentStatement[]): void {
  for (const [index, statement] of statements.entries()) {
    if (!isReference(statement) && Object(statement) !== statement) {
      throw new ConstructError(
        'OPTIONS',
        `${what} has a statement number ${index + 1} that is no object. Expected one.`,
      );
    }
    const found = isReference(statement) ? 'a statement' : BLOCKS.find((name) => isOrHasReference(statement[name]));
    if (found === undefined) continue;
    const where = found === 'a statement' ? `number ${index + 1} ` : `in the statement number ${index + 1} `;
    throw new ConstructError(
      'OPTIONS',
      `${what} has ${found} ${where}that is known to Terraform alone. Expected ${found === 'a statement' ? 'an object' : 'a list of objects'}, whose ` +
        'parts may be references.',
    );
  }
}

function isOrHasReference(blocks: unknown): boolean {
  return isReference(blocks) || (Array.isArray(blocks) && blocks.some(isReference));
}
