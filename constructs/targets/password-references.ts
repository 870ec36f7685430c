import { Token, Tokenization } from 'cdktf';
import { PASSWORD_VARIABLES } from '../../rules/password/password-environment.ts';
import type { PasswordOptions } from '../../rules/password/password-options.ts';
import { isReference } from '../terraform/references.ts';

/** The options that are known at synth, which checks them. */
export function knownPasswordOptions<Options extends PasswordOptions>(options: Options): Options {
  const known = Object.entries(options).filter(([name, value]) => !(name in PASSWORD_VARIABLES && isReference(value)));
  return Object.fromEntries(known) as Options;
}

/** The variables of the options that only Terraform knows. The function checks those. */
export function passwordReferences(options: PasswordOptions): Record<string, string> {
  const variables = Object.entries(PASSWORD_VARIABLES) as [keyof PasswordOptions, string][];
  return Object.fromEntries(
    variables.flatMap(([option, variable]) =>
      isReference(options[option]) ? [[variable, asText(options[option])]] : [],
    ),
  );
}

function asText(reference: unknown): string {
  return typeof reference === 'number' ? Tokenization.stringifyNumber(reference) : Token.asString(reference);
}
