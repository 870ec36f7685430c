import { DefaultTokenResolver, StringConcat, TerraformStack, TerraformVariable, Token, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { ConstructError } from './construct-error.ts';
import { jsonTemplate } from './json-template.ts';
import type { Rotation } from './rotation.ts';

/** Secrets Manager's limit for a secret value, in bytes. */
const MAX_BYTES = 65_536;

const tokenResolver = new DefaultTokenResolver(new StringConcat());

/**
 * The value of a secret's first version.
 *
 * - An object: its fields as JSON. A field that rotation makes may only be an ephemeral variable.
 * - A string: the whole value, from an ephemeral variable (`EphemeralVariable`'s `stringValue`).
 */
export type InitialValue = Readonly<Record<string, unknown>> | string;

/**
 * The first version's string as Terraform gets it, or undefined where there is nothing to write: a plain string that the
 * first rotation makes.
 * @throws INITIAL_VALUE
 */
export function initialSecretString(
  initial: InitialValue | undefined,
  rotation: Rotation,
  rotateImmediately: boolean,
): string | undefined {
  if (typeof initial === 'string' && !Token.isUnresolved(initial)) {
    throw refused(
      'is a literal string, which would stand in the plan. Expected the stringValue of an EphemeralVariable',
    );
  }
  if (typeof initial === 'string') return initial;
  if (initial !== undefined && (typeof initial !== 'object' || Array.isArray(initial))) {
    throw refused('is no object of fields. Expected one, such as { username: "app" }');
  }
  if (rotation.format === 'text') {
    if (initial !== undefined) {
      throw refused(
        "has fields, but the secret is one plain string (format 'text'). Expected an EphemeralVariable, or nothing",
      );
    }
    if (rotateImmediately) return undefined;
    throw refused('is missing, and rotateImmediately is false: nothing would make the first value');
  }
  checkGeneratedFields(initial ?? {}, rotation, rotateImmediately);
  const json = jsonTemplate(initial ?? {});
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_BYTES) throw refused(`has ${bytes} bytes. Secrets Manager takes ${MAX_BYTES} at the most`);
  return json;
}

function checkGeneratedFields(
  fields: Readonly<Record<string, unknown>>,
  rotation: Rotation,
  rotateImmediately: boolean,
): void {
  for (const field of rotation.generatedFields) {
    if (fields[field] === undefined) {
      if (rotateImmediately) continue;
      throw refused(
        `has no "${field}", and rotateImmediately is false: applications would find none until the first scheduled rotation. ` +
          'Give it from an EphemeralVariable, or leave rotateImmediately out',
      );
    }
    if (Token.isUnresolved(fields[field])) continue;
    throw refused(
      `has a literal for "${field}", which rotation makes: it would stand in the code and in the plan. Leave it out, or give ` +
        'it the stringValue of an EphemeralVariable',
    );
  }
}

/**
 * What is wrong with the variables that give a first value: one that is not ephemeral would stand in the plan.
 * @param secrets the parts of the first value that are secret, as they were given
 */
export function variablesThatAreNotEphemeral(scope: Construct, secrets: readonly unknown[]): string[] {
  const expressions = JSON.stringify(
    Tokenization.resolve(secrets, { scope, resolver: tokenResolver, preparing: false }),
  );
  const referenced = new Set([...expressions.matchAll(/\bvar\.([\w-]+)/g)].map(([, name]) => name));
  // Most secrets have none, and a walk through the stack for each of a thousand takes seconds.
  if (referenced.size === 0) return [];
  return TerraformStack.of(scope)
    .node.findAll()
    .filter((node) => node instanceof TerraformVariable)
    .filter((variable) => referenced.has(variable.friendlyUniqueId) && !isEphemeral(variable))
    .map(
      ({ friendlyUniqueId }) =>
        `The variable "${friendlyUniqueId}" gives a secret its first value and is not ephemeral: Terraform would keep the ` +
        'value in the plan. Declare it with new EphemeralVariable(…).',
    );
}

function isEphemeral(variable: TerraformVariable): boolean {
  return variable.toTerraform().variable?.[variable.friendlyUniqueId]?.ephemeral === true;
}

function refused(problem: string): ConstructError {
  return new ConstructError('INITIAL_VALUE', `The secret's initial value ${problem}.`);
}
