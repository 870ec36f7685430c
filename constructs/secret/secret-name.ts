import { createHash } from 'node:crypto';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { warn } from '../checks/warn.ts';
import { ConstructError } from '../construct-error.ts';

/** Room that Terraform's provider needs for what it adds to a prefix. */
const GENERATED_SUFFIX = 26;

/** How a secret is named: exactly, or by a prefix to which Terraform adds 26 characters. */
export interface SecretName {
  readonly name?: string;
  readonly namePrefix?: string;
}

/**
 * The name or prefix, checked as Secrets Manager would.
 * @throws NAME
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function checkSecretName(scope: Construct, { name, namePrefix }: SecretName): string {
  if ((name === undefined) === (namePrefix === undefined)) {
    const found = name === undefined ? 'neither' : 'both';
    throw new ConstructError('NAME', `A secret needs a name or a namePrefix, found ${found}. Give one of them.`);
  }
  const [property, given, longest] =
    name !== undefined ? ['name', name, 512] : ['namePrefix', namePrefix ?? '', 512 - GENERATED_SUFFIX];
  if (Token.isUnresolved(given)) return given;
  checkNameAlphabet(`secret's ${property}`, given);
  if (given.length > longest) {
    throw new ConstructError(
      'NAME',
      `The secret's ${property} has ${given.length} characters. Expected ${longest} at the most.`,
    );
  }
  if (name !== undefined && /-[A-Za-z0-9]{6}$/.test(given)) {
    warn(
      scope,
      `The secret name "${given}" ends in a hyphen and six characters, like the end of an ARN: Secrets Manager cannot ` +
        'find such a secret by a partial ARN. Choose another name, or always use the full ARN.',
    );
  }
  return given;
}

/** @throws NAME for an empty name, or one with a character that Secrets Manager refuses */
export function checkNameAlphabet(what: string, name: string): void {
  const wrong = name.match(/[^A-Za-z0-9/_+=.@-]/u)?.[0];
  if (wrong === undefined && name !== '') return;
  const found = wrong === undefined ? 'is empty' : `has the character ${JSON.stringify(wrong)}`;
  throw new ConstructError('NAME', `The ${what} "${name}" ${found}. Expected ASCII letters, digits and any of -/_+=.@`);
}

/**
 * A name for the function that rotates a secret: `rotate-` and the secret's name, in Lambda's alphabet; shortened, with a
 * hash that keeps it unique, where it would be longer than 64 characters.
 * @throws NAME where the secret's name is known to Terraform alone
 */
export function rotationFunctionName(secretName: string): string {
  if (Token.isUnresolved(secretName)) {
    throw new ConstructError(
      'NAME',
      "The secret's name is known to Terraform alone, so the function cannot be named for it. Give functionOptions.functionName.",
    );
  }
  const name = `rotate-${secretName.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/-$/, '')}`;
  if (name.length <= 64) return name;
  return `${name.slice(0, 55)}-${createHash('sha256').update(secretName).digest('hex').slice(0, 8)}`;
}
