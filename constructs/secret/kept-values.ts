import { TerraformLocal, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { A_LITERAL, both, LITERAL, NOTHING, oneOf, readExpression, type Sources } from '../terraform/expression.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';

const ADVICE = 'Give it the stringValue of an EphemeralVariable.';

/**
 * What is wrong with the sources of a first value: Terraform would keep what is no ephemeral variable in the plan or the state.
 * @param secrets the parts of the first value that are secret, as they were given
 */
export function valuesThatTerraformKeeps(scope: Construct, secrets: readonly unknown[]): string[] {
  return [
    ...new Set(
      secrets.flatMap((part) => leavesOf(resolveTokens(part, scope))).flatMap((each) => problems(scope, each)),
    ),
  ];
}

/** The names of the variables that a value refers to, through local values, too. */
export function variablesIn(scope: Construct, value: unknown): ReadonlySet<string> {
  return new Set(referencesToVariables(scope, value).flatMap((each) => variableOf(each) ?? []));
}

/** The references to variables that a value is made of, through local values, too. */
export function referencesToVariables(scope: Construct, value: unknown): readonly string[] {
  const sources = leavesOf(resolveTokens(value, scope)).flatMap((leaf) => sourcesOf(scope, leaf).passing);
  return sources.filter((each) => variableOf(each) !== undefined);
}

function problems(scope: Construct, value: unknown): string[] {
  const { passing, kept, instead } = sourcesOf(scope, value);
  const variables = [...new Set(passing.flatMap((each) => variableOf(each) ?? []))];
  const found = variables.flatMap((name) => problemOfVariable(scope, name) ?? []);
  if (found.length > 0) return found;
  const wrong = passing.length === 0 ? [...kept, ...instead] : instead;
  const reference = wrong.find((each) => each !== LITERAL);
  if (reference !== undefined)
    return [`A secret gets its first value from ${reference}, which Terraform keeps in its state. ${ADVICE}`];
  if (passing.length === 0)
    return [`A literal gives a secret its first value: it would be in the code and in the plan. ${ADVICE}`];
  if (wrong.length === 0) return [];
  return [
    `A literal gives a secret its first value together with ${passing[0]}, or instead of it: it would be in the code and in the plan. ` +
      'Give each field a source of its own, with no literal to fall back to.',
  ];
}

/** What a value is made of in the end: a local value is what it is made of. */
function sourcesOf(scope: Construct, value: unknown, seen: readonly string[] = []): Sources {
  if (typeof value !== 'string') return A_LITERAL;
  return readExpression(value, (reference) => {
    const [root = '', name = '', ...path] = reference.match(/[\w-]+/g) ?? [];
    if (/^(path|terraform|each|count|self)$/.test(root)) return NOTHING;
    if (/^(var|ephemeral|module)$/.test(root)) return { ...NOTHING, passing: [reference] };
    const local =
      root === 'local' && !seen.includes(name) ? elementsOf(scope).find((each) => isLocal(each, name)) : undefined;
    if (!(local instanceof TerraformLocal)) return { ...NOTHING, kept: [reference] };
    const whole = resolveTokens(local.toTerraform().locals[local.friendlyUniqueId], scope);
    const leaves = leavesOf(memberAt(whole, path)).map((leaf) => sourcesOf(scope, leaf, [...seen, name]));
    const all = leaves.reduce(both, NOTHING);
    return leaves.length > 1 ? oneOf(all) : all;
  });
}

/** The member of an object, or the text that makes the object. */
function memberAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return value;
  return memberAt(Reflect.get(value, name), rest);
}

/** Most secrets have no such source, and a walk through the stack for each of a thousand takes seconds. */
const elementsOf = (scope: Construct) => TerraformStack.of(scope).node.findAll();

const isLocal = (node: unknown, name: string) => node instanceof TerraformLocal && node.friendlyUniqueId === name;

function problemOfVariable(scope: Construct, name: string): string | undefined {
  const variable = elementsOf(scope).find(
    (node): node is TerraformVariable => node instanceof TerraformVariable && node.friendlyUniqueId === name,
  );
  if (variable === undefined) return undefined;
  const { ephemeral, default: fallback } = variable.toTerraform().variable?.[name] ?? {};
  if (ephemeral !== true) {
    return (
      `The variable "${name}" gives a secret its first value and is not ephemeral: Terraform would keep the ` +
      'value in the plan. Declare it with new EphemeralVariable(…).'
    );
  }
  if (leavesOf(fallback).every((leaf) => leaf === undefined || leaf === null || leaf === '')) return undefined;
  return (
    `The variable "${name}" gives a secret its first value and has a default: it would be in the code and in the plan. ` +
    'Leave the default out.'
  );
}

function variableOf(reference: string): string | undefined {
  return /^var\.([\w-]+)/.exec(reference)?.[1];
}

/** The texts, numbers and so on of which a value is made. */
function leavesOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(leavesOf);
}
