import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import { PolicyRefused, parsePolicy } from '../../rules/resource-policy/parse-policy.ts';
import { knownSid, type PolicyStatement, statementName } from '../../rules/resource-policy/policy-statement.ts';
import { checkStatements } from '../checks/check-statements.ts';
import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';
import { referredDocument } from '../terraform/referred-element.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { UNKNOWN } from './verdict.ts';

/** Statements, or a policy's JSON. */
export type ResourcePolicy = readonly DataAwsIamPolicyDocumentStatement[] | string;

/** The statements of a policy, and whether these are all: Terraform alone may know others. */
export interface KnownStatements {
  readonly statements: readonly PolicyStatement[];
  readonly isWhole: boolean;
}

/** @throws OPTIONS for what is no policy */
export function statementsOf(scope: Construct, policy: ResourcePolicy): KnownStatements {
  if (Array.isArray(policy) && !isReference(policy)) {
    checkStatements('resourcePolicy', policy);
    return { statements: policy.map((each, index) => ofDocument(scope, each, index)), isWhole: true };
  }
  if (typeof policy === 'string' && !isReference(policy)) return { statements: ofJson(policy), isWhole: true };
  if (typeof policy === 'string') {
    const document = referredDocument(scope, policy);
    if (document instanceof DataAwsIamPolicyDocument) return ofElement(scope, document);
  }
  if (!isReference(policy)) throw notAPolicy('neither statements nor text');
  return NOTHING_KNOWN;
}

const NOTHING_KNOWN: KnownStatements = { statements: [], isWhole: false };

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document how they merge */
function ofElement(scope: Construct, document: DataAwsIamPolicyDocument): KnownStatements {
  const { statementInput = [], sourcePolicyDocumentsInput, overridePolicyDocumentsInput } = document;
  const parts = [
    ofDocuments(scope, sourcePolicyDocumentsInput),
    Array.isArray(statementInput) ? statementsOf(scope, statementInput) : NOTHING_KNOWN,
    ofDocuments(scope, overridePolicyDocumentsInput),
  ];
  return merged(parts);
}

function ofDocuments(scope: Construct, documents: readonly string[] = []): KnownStatements {
  if (isReference(documents)) return NOTHING_KNOWN;
  return merged(documents.filter((json) => json !== '').map((json) => statementsOf(scope, json)));
}

/** A statement replaces one before it that has its sid. */
function merged(parts: readonly KnownStatements[]): KnownStatements {
  const statements = parts.flatMap((part) => part.statements);
  const isReplaced = ({ sid }: PolicyStatement, index: number) =>
    sid !== undefined && statements.slice(index + 1).some((later) => later.sid === sid);
  return {
    statements: statements.filter((each, index) => !isReplaced(each, index)),
    isWhole: parts.every((part) => part.isWhole),
  };
}

function ofDocument(scope: Construct, given: DataAwsIamPolicyDocumentStatement, index: number): PolicyStatement {
  const statement = Object(resolved(scope, given));
  const { effect = 'Allow', sid } = statement;
  const principals = (list: unknown) =>
    list === undefined
      ? undefined
      : blocks(list).flatMap(({ type = UNKNOWN, identifiers }) => texts(identifiers).map((id) => ({ type, id })));
  return {
    sid: knownSid(sid),
    name: statementName(sid, index),
    effect,
    principals: principals(statement.principals),
    notPrincipals: principals(statement.notPrincipals),
    actions: statement.actions && texts(statement.actions),
    notActions: statement.notActions && texts(statement.notActions),
    resources: statement.resources && texts(statement.resources),
    notResources: statement.notResources && texts(statement.notResources),
    conditions: blocks(statement.condition ?? []).map(({ test = UNKNOWN, variable = UNKNOWN, values }) => ({
      test,
      variable,
      values: texts(values),
    })),
  };
}

/** A list of blocks; one of which nothing is known, if only Terraform knows them. */
function blocks(list: unknown): readonly Record<string, never>[] {
  return Array.isArray(list) ? list.map(Object) : [{}];
}

/** Texts; one of which nothing is known, if only Terraform knows the list. */
function texts(list: unknown): readonly string[] {
  if (typeof list === 'string' && !list.includes('${')) return [list];
  return Array.isArray(list) ? list.map(String) : [UNKNOWN];
}

/** A block or a list in it that only Terraform knows is the text of its expression. */
function resolved(scope: Construct, value: unknown): unknown {
  try {
    return resolveTokens(value, scope);
  } catch {
    return UNKNOWN;
  }
}

function ofJson(json: string): readonly PolicyStatement[] {
  try {
    return parsePolicy(json);
  } catch (error) {
    throw error instanceof PolicyRefused ? notAPolicy(error.message) : error;
  }
}

function notAPolicy(found: string): ConstructError {
  return new ConstructError(
    'OPTIONS',
    `resourcePolicy is ${found}. Expected a list of statements, such as [{ effect: 'Deny', … }], or a policy's JSON.`,
  );
}
