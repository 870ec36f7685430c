import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';

/** What Terraform takes as blocks, of which it must know how many there are, and what stands in each. */
const BLOCKS = {
  principals: ['type', 'identifiers'],
  notPrincipals: ['type', 'identifiers'],
  condition: ['test', 'variable', 'values'],
} as const;
const BLOCK_NAMES = ['principals', 'notPrincipals', 'condition'] as const;
const NAMES = ['sid', 'effect', ...BLOCK_NAMES, 'actions', 'notActions', 'resources', 'notResources'];

/**
 * Refuses a statement, or a block of one, that only Terraform knows, and a name that it would drop in silence: without a
 * misspelt `condition`, an `Allow` is one for everybody. What stands in a block may be references.
 * @param what has the statements, as the start of a sentence
 * @throws OPTIONS
 */
export function checkStatements(what: string, statements: readonly DataAwsIamPolicyDocumentStatement[]): void {
  for (const [index, statement] of statements.entries()) {
    if (!isReference(statement) && Object(statement) !== statement) {
      throw new ConstructError('OPTIONS', `${what} has a statement number ${index + 1} that is not an object.`);
    }
    const found = isReference(statement)
      ? 'a statement'
      : BLOCK_NAMES.find((name) => isOrHasReference(statement[name]));
    if (found === undefined) {
      checkNames(what, statement, index + 1);
      continue;
    }
    const where = found === 'a statement' ? `number ${index + 1} ` : `in the statement number ${index + 1} `;
    throw new ConstructError(
      'OPTIONS',
      `${what} has ${found} ${where}that only Terraform knows. Expected ${found === 'a statement' ? 'an object' : 'a list of objects'}, whose ` +
        'parts may be references.',
    );
  }
}

function checkNames(what: string, statement: DataAwsIamPolicyDocumentStatement, number: number): void {
  const where = `in the statement number ${number}`;
  checkNamesOf(`${what} has`, where, statement, NAMES);
  for (const name of BLOCK_NAMES) {
    const blocks: unknown = statement[name];
    if (blocks === undefined) continue;
    if (!Array.isArray(blocks) || blocks.some((block) => Object(block) !== block)) {
      throw new ConstructError('OPTIONS', `${what} has ${name} ${where} that is not a list of objects.`);
    }
    for (const block of blocks) checkNamesOf(`${what} has, in ${name},`, where, block, BLOCKS[name]);
  }
}

function checkNamesOf(beginning: string, where: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const found = isReference(unknown) ? 'a name that only Terraform knows' : `the name "${unknown}"`;
  throw new ConstructError('OPTIONS', `${beginning} ${found} ${where}. It knows ${known.join(', ')}.`);
}

function isOrHasReference(blocks: unknown): boolean {
  return isReference(blocks) || (Array.isArray(blocks) && blocks.some(isReference));
}
