import { isReference } from '../terraform/references.ts';
import { type RotatingSecret, secretNameOf } from './stack-rotations.ts';

/** IAM takes 10,240 characters of inline policies for a role, and the rest of this one may need 1,200. */
const MOST_CHARACTERS_OF_ARNS = 9_000;
/** EventBridge Scheduler takes an input of 256 KB, and Lambda an event of 256 KB: room for the rest is left. */
const MOST_CHARACTERS_OF_INPUT = 250_000;
/** A name that only Terraform knows. */
const USUAL_NAME = 'x'.repeat(46);
/** The characters of an ARN beside the secret's name, in the longest region, with its quotes and comma. */
const AROUND_A_NAME = 78;

/**
 * What is too long for AWS, and what to do: the function's policy, or what it is told.
 * @param named the secrets that the policy names one by one
 * @param prefixes how the names of the others begin
 */
export function tooLong(
  secrets: readonly RotatingSecret[],
  named: readonly RotatingSecret[],
  prefixes: ReadonlySet<string>,
): string[] {
  const ofPolicy = sum([...named.map(nameOf), ...prefixes].map(lengthOf));
  const isToken = ({ rotationFunction: { needs } }: RotatingSecret) => needs.tokenLifetimeSeconds !== undefined;
  // A token's ARN is there twice.
  const ofInput = sum([...secrets, ...secrets.filter(isToken)].map(nameOf).map(lengthOf));
  return [
    ...(ofPolicy <= MOST_CHARACTERS_OF_ARNS
      ? []
      : [
          `RotationAlarms watches ${secrets.length} secrets, which its function's policy must name with ${ofPolicy} characters. Expected at ` +
            `most ${MOST_CHARACTERS_OF_ARNS}, so that IAM takes it. Let secrets whose names begin alike share a RotationFunction with ` +
            'secretNamePrefix, or watch some of them by another RotationAlarms with secrets.',
        ]),
    ...(ofInput <= MOST_CHARACTERS_OF_INPUT
      ? []
      : [
          `RotationAlarms watches ${secrets.length} secrets, and their ARNs are too long for one input of EventBridge Scheduler, which ` +
            'takes 256 KB. Expected fewer, and the others in another RotationAlarms with secrets.',
        ]),
  ];
}

function nameOf(secret: RotatingSecret): string {
  const name = secretNameOf(secret);
  return name === undefined || isReference(name) ? USUAL_NAME : name;
}

const lengthOf = (name: string) => AROUND_A_NAME + name.length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
