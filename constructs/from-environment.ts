import { TerraformVariable } from 'cdktf';
import { KEY_VARIABLE } from '../rules/google-credentials.ts';
import { warn } from './checks/warn.ts';
import { ConstructError } from './construct-error.ts';
import { EphemeralVariable } from './ephemeral-variable.ts';

/** A key in the function's environment; `fromEnvironment` makes it. */
export interface EnvironmentCredentials {
  readonly kind: 'environment';
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly [];
}

/**
 * A service account's JSON key file, as Base64 in a sensitive Terraform variable. It works, and many can read it – synth says who:
 * `fromSecret` keeps it from them.
 * @throws ConstructError OPTIONS for a variable that a plan would print
 */
export function fromEnvironment(variable: TerraformVariable): EnvironmentCredentials {
  if (!(variable instanceof TerraformVariable)) {
    throw new ConstructError('OPTIONS', 'fromEnvironment takes a TerraformVariable itself, and not its value.');
  }
  const isEphemeral = variable instanceof EphemeralVariable;
  if (isEphemeral || variable.sensitive !== true) {
    throw new ConstructError(
      'OPTIONS',
      `The variable ${variable.node.id} is ${isEphemeral ? 'ephemeral' : 'not sensitive'}. Expected ` +
        "{ type: 'string', sensitive: true }: a function's environment accepts no ephemeral value, and a plan prints a value that is not " +
        'sensitive.',
    );
  }
  warn(
    variable,
    `The key in the variable ${variable.node.id} can be read by anyone who may call lambda:GetFunctionConfiguration or read the Terraform ` +
      'state. Keep it in a separate secret (fromSecret), or use no key (workloadIdentity).',
  );
  return { kind: 'environment', environment: { [KEY_VARIABLE]: variable.stringValue }, statements: [] };
}
