import * as v from 'valibot';
import { blocks, resourceType } from '../resource-type.ts';

const Strings = v.array(v.string());
const Condition = { test: v.string(), variable: v.string(), values: Strings };
const Principal = { type: v.string(), identifiers: Strings };
const Statement = v.strictObject({
  sid: v.optional(v.string()),
  effect: v.optional(v.picklist(['Allow', 'Deny']), 'Allow'),
  actions: v.optional(Strings, []),
  resources: v.optional(Strings, []),
  principals: v.optional(blocks(Principal), []),
  condition: v.optional(blocks(Condition), []),
});
type Statement = v.InferOutput<typeof Statement>;

/**
 * Renders the document as the provider does: a list of one as a string, longer lists in reverse order, `&{…}` as `${…}`.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export const iamPolicyDocument = resourceType(
  { statement: v.optional(blocks(Statement.entries), []), source_policy_documents: v.optional(Strings, []) },
  ({ statement, source_policy_documents }) => {
    const own = statement.map(rendered);
    const sources = source_policy_documents
      .flatMap(statementsOf)
      .filter(({ Sid }) => Sid === undefined || own.every((each) => each.Sid !== Sid));
    const json = JSON.stringify({ Version: '2012-10-17', Statement: [...sources, ...own] }, null, 2);
    return { json: json.replaceAll('&{', '${') };
  },
);

interface Rendered {
  readonly Sid?: string | undefined;
}

/** What a document that this one begins with says. A statement of this one's own with the same id takes its place. */
function statementsOf(document: string): Rendered[] {
  return [JSON.parse(document).Statement].flat();
}

function rendered({
  sid,
  effect,
  actions,
  resources,
  principals,
  condition,
}: Statement): Rendered & Readonly<Record<string, unknown>> {
  return {
    ...(sid && { Sid: sid }),
    Effect: effect,
    ...(actions.length > 0 && { Action: set(actions) }),
    ...(resources.length > 0 && { Resource: set(resources) }),
    ...(principals.length > 0 && { Principal: principalsOf(principals) }),
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
