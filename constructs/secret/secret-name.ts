import { createHash } from 'node:crypto';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { warn } from '../checks/warn.ts';
import { ConstructError } from '../construct-error.ts';
import { argument, isReference } from '../terraform/references.ts';

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
  if (isReference(given)) return Token.asString(given);
  checkNameAlphabet(`secret's ${property}`, given);
  if (given.length > longest) {
    throw new ConstructError(
      'NAME',
      `The secret's ${property} has ${given.length} characters. Expected at most ${longest}.`,
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
  if (typeof name !== 'string') throw new ConstructError('NAME', `The ${what} is not a string.`);
  const wrong = name.match(/[^A-Za-z0-9/_+=.@-]/u)?.[0];
  if (wrong === undefined && name !== '') return;
  const found = wrong === undefined ? 'is empty' : `has the character ${JSON.stringify(wrong)}`;
  throw new ConstructError('NAME', `The ${what} "${name}" ${found}. Expected ASCII letters, digits and any of -/_+=.@`);
}

/**
 * A name for the function that rotates a secret: `rotate-` and the secret's name, in Lambda's alphabet. If that is longer than
 * 64 characters, or only Terraform knows the secret's name, it is cut, and a hash keeps it apart from others.
 */
export function rotationFunctionName(secretName: string): string {
  if (isReference(secretName)) {
    const inAlphabet = Fn.replace(argument(secretName), '/[^A-Za-z0-9_-]+/', '-');
    return `rotate-${Fn.substr(inAlphabet, 0, 48)}-${Fn.substr(Fn.sha256(argument(secretName)), 0, 8)}`;
  }
  const name = `rotate-${secretName.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/-$/, '')}`;
  return name.length <= 64 ? name : hashedName(name, secretName);
}

/** The name, cut to 64 characters with a hash at its end that tells apart what the text tells apart. */
export function hashedName(name: string, text: string): string {
  return `${name.slice(0, 55)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
