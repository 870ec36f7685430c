import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import { checkStatements } from '../checks/check-statements.ts';
import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';
import { referredDocument } from '../terraform/referred-element.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { UNKNOWN } from './verdict.ts';

/** Statements, or a policy's JSON. */
export type ResourcePolicy = readonly DataAwsIamPolicyDocumentStatement[] | string;

/** A statement as it is judged: every reference is the text that Terraform gets. */
export interface PolicyStatement {
  /** Of the statements of a document, a later one replaces an earlier one with the same. */
  readonly sid: string | undefined;
  /** Its place among the others, or its sid, for messages. */
  readonly name: string;
  readonly effect: string;
  readonly principals: readonly Principal[] | undefined;
  readonly notPrincipals: readonly Principal[] | undefined;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
}

export interface Principal {
  /** Such as `AWS`; `*` for everybody. */
  readonly type: string;
  readonly id: string;
}

export interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

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
    name: nameOf(sid, index),
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

/** A list of blocks; one of which nothing is known, if Terraform alone knows them. */
function blocks(list: unknown): readonly Record<string, never>[] {
  return Array.isArray(list) ? list.map(Object) : [{}];
}

/** Texts; one of which nothing is known, if Terraform alone knows the list. */
function texts(list: unknown): readonly string[] {
  if (typeof list === 'string' && !list.includes('${')) return [list];
  return Array.isArray(list) ? list.map(String) : [UNKNOWN];
}

/** A block or a list in it that Terraform alone knows is the text of its expression. */
function resolved(scope: Construct, value: unknown): unknown {
  try {
    return resolveTokens(value, scope);
  } catch {
    return UNKNOWN;
  }
}

function ofJson(json: string): PolicyStatement[] {
  let policy: { readonly Statement?: unknown };
  try {
    policy = Object(JSON.parse(json));
  } catch {
    throw notAPolicy('no JSON');
  }
  const { Statement } = policy;
  if ([Statement ?? []].flat().length === 0) throw notAPolicy('JSON without a Statement');
  return [Statement].flat().map((each, index) => {
    const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = Object(each);
    return {
      sid: knownSid(Sid),
      name: nameOf(Sid, index),
      effect: String(Effect),
      principals: principalsOf(Principal),
      notPrincipals: principalsOf(NotPrincipal),
      actions: Action && texts(Action),
      notActions: NotAction && texts(NotAction),
      resources: Resource && texts(Resource),
      notResources: NotResource && texts(NotResource),
      conditions: Object.entries(Object(Condition)).flatMap(([test, keys]) =>
        Object.entries(Object(keys)).map(([variable, values]) => ({
          test,
          variable,
          values: [values].flat().map(String),
        })),
      ),
    };
  });
}

function principalsOf(principal: unknown): Principal[] | undefined {
  if (principal === undefined) return undefined;
  if (typeof principal === 'string') {
    if (principal !== '*' && !principal.includes('${')) {
      throw notAPolicy(
        `JSON with the principal "${principal}", which is neither "*" nor an object such as { "AWS": … }`,
      );
    }
    return [{ type: principal === '*' ? '*' : UNKNOWN, id: principal }];
  }
  return Object.entries(Object(principal)).flatMap(([type, ids]) =>
    [ids].flat().map((id) => ({ type, id: String(id) })),
  );
}

const knownSid = (sid: unknown) => (typeof sid === 'string' && sid !== '' && !sid.includes('${') ? sid : undefined);

const nameOf = (sid: unknown, index: number) => (knownSid(sid) === undefined ? `number ${index + 1}` : `"${sid}"`);

function notAPolicy(found: string): ConstructError {
  return new ConstructError(
    'OPTIONS',
    `resourcePolicy is ${found}. Expected a list of statements, such as [{ effect: 'Deny', … }], or a policy's JSON.`,
  );
}
