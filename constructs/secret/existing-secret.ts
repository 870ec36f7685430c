import { DataAwsSecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-rotation/index.js';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { checkOptions, knownShape } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import { type ResourcePolicyProps, resourcePolicyProps } from '../permissions/secret-access.ts';
import { SecretRotation, type SecretRotationProps, secretRotationProps } from '../secret-rotation.ts';
import { argument, isReference } from '../terraform/references.ts';
import { nameInArn } from './name-in-arn.ts';
import type { Replica } from './replicas.ts';

export interface ExistingSecretProps extends SecretRotationProps, ResourcePolicyProps {
  /** The secret's whole ARN, which ends in a hyphen and six characters. */
  readonly secretArn: string;
  /**
   * The function that rotates the secret today, by its ARN: it is replaced. Leave it out again once this function does.
   * @default the secret must not be rotated by any other function
   */
  readonly takeOverFrom?: string;
  /** The replicas that it has: nothing here changes them. @default none */
  readonly replicas?: readonly Replica[];
}

/**
 * The rotation of an existing secret. Terraform refuses to plan it while another function rotates the secret,
 * unless that is the one to take over from.
 * @throws ConstructError OPTIONS, NAME
 */
export function rotateExistingSecret(scope: Construct, id: string, props: ExistingSecretProps): SecretRotation {
  checkOptions('RotatedSecret.existing', props, {
    ...secretRotationProps,
    ...resourcePolicyProps,
    secretArn: 'required',
    takeOverFrom: 'optional',
    replicas: knownShape('optional', 'each has permissions of its own'),
  });
  const { takeOverFrom } = props;
  const arn = Token.asString(props.secretArn);
  checkFunctionArn(takeOverFrom);
  const rotated = new SecretRotation(
    scope,
    id,
    { arn, name: nameIn(arn), replicas: props.replicas, policy: props },
    props,
  );
  if (rotated.rotationFunction === props.rotation && props.tags !== undefined) {
    throw new ConstructError(
      'OPTIONS',
      'RotatedSecret.existing has tags and a shared function, so it creates nothing that could have them. Give them to the ' +
        'RotationFunction.',
    );
  }
  const today = new DataAwsSecretsmanagerSecretRotation(rotated, 'today', { secretId: arn });
  const { plannedArn } = rotated.rotationFunction;
  const mayRotate = ['', plannedArn, ...(takeOverFrom === undefined ? [] : [argument(takeOverFrom)])];
  rotated.rotation.lifecycle = {
    precondition: [
      {
        condition: Fn.contains([argument(arn)], today.id),
        errorMessage: `${arn} is not the whole ARN of the secret, which is ${today.id}. Give that as secretArn.`,
      },
      {
        condition: Fn.contains(mayRotate, today.rotationLambdaArn),
        errorMessage:
          `The secret ${arn} is rotated by another function, ${today.rotationLambdaArn}. To let ${plannedArn} rotate it ` +
          'instead, give the ARN of the other one as takeOverFrom.',
      },
    ],
  };
  return rotated;
}

/** @throws OPTIONS for a name, or an ARN without its end, which no policy would match */
function nameIn(secretArn: string): string {
  if (isReference(secretArn)) return Fn.replace(argument(secretArn), '/^.*:secret:(.*)-[A-Za-z0-9]{6}$/', '$1');
  const name = nameInArn(secretArn);
  if (name !== undefined) return name;
  throw new ConstructError(
    'OPTIONS',
    `secretArn is "${secretArn}". Expected the secret's whole ARN, with the hyphen and six characters at its end: ` +
      'aws secretsmanager describe-secret --secret-id NAME --query ARN prints it.',
  );
}

function checkFunctionArn(arn: string | undefined): void {
  if (arn === undefined || isReference(arn)) return;
  if (/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(arn)) return;
  throw new ConstructError(
    'OPTIONS',
    `takeOverFrom is "${arn}". Expected the ARN of the function that rotates the secret today: ` +
      'aws secretsmanager describe-secret --secret-id NAME --query RotationLambdaARN prints it.',
  );
}
