import { TerraformLocal, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { readExpression } from '../terraform/expression.ts';
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
  const sources = leavesOf(resolveTokens(value, scope)).flatMap((leaf) => sourcesOf(scope, leaf).references);
  return new Set(sources.flatMap((each) => variableOf(each) ?? []));
}

function problems(scope: Construct, value: unknown): string[] {
  const { references, hasFallback } = sourcesOf(scope, value);
  const variables = references.flatMap((each) => variableOf(each) ?? []);
  const kept = variables.filter((name) => isKept(scope, name));
  if (kept.length > 0) {
    return kept.map(
      (name) =>
        `The variable "${name}" gives a secret its first value and is not ephemeral: Terraform would keep the ` +
        'value in the plan. Declare it with new EphemeralVariable(…).',
    );
  }
  if (references.length === 0 || hasFallback) {
    return [`A literal gives a secret its first value: it would be in the code and in the plan. ${ADVICE}`];
  }
  if (references.some((each) => /^(var|ephemeral|module)\./.test(each))) return [];
  return [`A secret gets its first value from ${references[0]}, which Terraform keeps in its state. ${ADVICE}`];
}

/** What a text refers to in the end: a local value is what it is made of. */
function sourcesOf(scope: Construct, value: unknown, seen: readonly string[] = []): ReturnType<typeof readExpression> {
  if (typeof value !== 'string') return { references: [], hasFallback: false };
  const own = readExpression(value);
  const parts = own.references.flatMap((reference) => {
    const [root = '', name = ''] = reference.split('.');
    if (/^(path|terraform|each|count|self)$/.test(root)) return [];
    const local =
      root === 'local' && !seen.includes(name) ? elementsOf(scope).find((each) => isLocal(each, name)) : undefined;
    if (!(local instanceof TerraformLocal)) return [{ references: [reference], hasFallback: false }];
    return leavesOf(resolveTokens(local.toTerraform().locals[local.friendlyUniqueId], scope)).map((leaf) =>
      sourcesOf(scope, leaf, [...seen, name]),
    );
  });
  return {
    references: parts.flatMap((part) => part.references),
    hasFallback: own.hasFallback || parts.some((part) => part.hasFallback),
  };
}

/** Most secrets have no such source, and a walk through the stack for each of a thousand takes seconds. */
const elementsOf = (scope: Construct) => TerraformStack.of(scope).node.findAll();

const isLocal = (node: unknown, name: string) => node instanceof TerraformLocal && node.friendlyUniqueId === name;

function isKept(scope: Construct, name: string): boolean {
  return elementsOf(scope).some(
    (node) => node instanceof TerraformVariable && node.friendlyUniqueId === name && !isEphemeral(node),
  );
}

function isEphemeral(variable: TerraformVariable): boolean {
  return variable.toTerraform().variable?.[variable.friendlyUniqueId]?.ephemeral === true;
}

function variableOf(reference: string): string | undefined {
  return /^var\.([\w-]+)/.exec(reference)?.[1];
}

/** The texts, numbers and so on of which a value is made. */
function leavesOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(leavesOf);
}
