import * as v from 'valibot';
import { blocks, resourceType } from '../resource-type.ts';

const Strings = v.array(v.string());
const Condition = { test: v.string(), variable: v.string(), values: Strings };
const Principal = { type: v.string(), identifiers: Strings };
const Statement = v.strictObject({
  sid: v.optional(v.string()),
  effect: v.optional(v.picklist(['Allow', 'Deny']), 'Allow'),
  actions: v.optional(Strings, []),
  not_actions: v.optional(Strings, []),
  resources: v.optional(Strings, []),
  not_resources: v.optional(Strings, []),
  principals: v.optional(blocks(Principal), []),
  not_principals: v.optional(blocks(Principal), []),
  condition: v.optional(blocks(Condition), []),
});
type Statement = v.InferOutput<typeof Statement>;

/**
 * Renders the document as the provider does: a list of one as a string, longer lists in reverse order, `&{…}` as `${…}`.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export const iamPolicyDocument = resourceType(
  {
    statement: v.optional(blocks(Statement.entries), []),
    source_policy_documents: v.optional(Strings, []),
    override_policy_documents: v.optional(Strings, []),
  },
  ({ statement, source_policy_documents, override_policy_documents }) => {
    const merged = [source_policy_documents.flatMap(statementsOf), statement.map(rendered)]
      .concat([override_policy_documents.flatMap(statementsOf)])
      .reduce(replaced);
    const json = JSON.stringify({ Version: '2012-10-17', Statement: merged }, null, 2);
    return { json: json.replaceAll('&{', '${') };
  },
);

interface Rendered {
  readonly Sid?: string | undefined;
}

/** What a document that is merged into this one says. */
function statementsOf(document: string): Rendered[] {
  return document === '' ? [] : [JSON.parse(document).Statement].flat();
}

/** A later statement with the same id takes the place of an earlier one. */
function replaced(earlier: readonly Rendered[], later: readonly Rendered[]): Rendered[] {
  const isReplaced = ({ Sid }: Rendered) => Sid !== undefined && later.some((each) => each.Sid === Sid);
  return [...earlier.filter((each) => !isReplaced(each)), ...later];
}

function rendered({ sid, effect, condition, ...of }: Statement): Rendered & Readonly<Record<string, unknown>> {
  return {
    ...(sid && { Sid: sid }),
    Effect: effect,
    ...(of.actions.length > 0 && { Action: set(of.actions) }),
    ...(of.not_actions.length > 0 && { NotAction: set(of.not_actions) }),
    ...(of.resources.length > 0 && { Resource: set(of.resources) }),
    ...(of.not_resources.length > 0 && { NotResource: set(of.not_resources) }),
    ...(of.principals.length > 0 && { Principal: principalsOf(of.principals) }),
    ...(of.not_principals.length > 0 && { NotPrincipal: principalsOf(of.not_principals) }),
    ...(condition.length > 0 && { Condition: conditionsOf(condition) }),
  };
}

function principalsOf(principals: Statement['principals']): unknown {
  if (principals.some(({ type, identifiers }) => type === '*' && identifiers.includes('*'))) return '*';
  const types = [...new Set(principals.map(({ type }) => type))];
  const identifiersOf = (wanted: string) =>
    principals.flatMap(({ type, identifiers }) => (type === wanted ? identifiers : []));
  return Object.fromEntries(types.map((type) => [type, set(identifiersOf(type))]));
}

function conditionsOf(conditions: Statement['condition']): unknown {
  const byTest: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of conditions) byTest[test] = { ...byTest[test], [variable]: single(values) };
  return byTest;
}

function set(strings: readonly string[]): unknown {
  return single([...new Set(strings)].sort().reverse());
}

function single(strings: readonly string[]): unknown {
  return strings.length === 1 ? strings[0] : strings;
}
