import { ConstructError } from '../construct-error.ts';
import type { RotationFunctionProps } from '../rotation-function-props.ts';
import { isReference } from '../terraform/references.ts';

/** Of every role that is made for a function. */
export interface RoleOptions {
  readonly path?: string;
  readonly permissionsBoundary?: string;
}

/** @throws OPTIONS for what IAM would refuse */
export function rolesOf({
  rolePath: path,
  permissionsBoundaryArn: permissionsBoundary,
  roleArn,
}: Pick<RotationFunctionProps, 'rolePath' | 'permissionsBoundaryArn' | 'roleArn'>): RoleOptions {
  if (path !== undefined && !isReference(path) && !/^\/([!-~]+\/)?$/.test(path)) {
    throw new ConstructError(
      'OPTIONS',
      `rolePath is "${path}". Expected a path that begins and ends with a slash: /teams/data/.`,
    );
  }
  if (
    permissionsBoundary !== undefined &&
    !isReference(permissionsBoundary) &&
    !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/\S+$/.test(permissionsBoundary)
  ) {
    throw new ConstructError(
      'OPTIONS',
      `permissionsBoundaryArn is "${permissionsBoundary}". Expected the ARN of a policy: arn:aws:iam::ACCOUNT:policy/NAME.`,
    );
  }
  if (roleArn !== undefined && !isReference(roleArn) && !/^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(roleArn)) {
    throw new ConstructError(
      'OPTIONS',
      `roleArn is "${roleArn}". Expected the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME.`,
    );
  }
  return { ...(path !== undefined && { path }), ...(permissionsBoundary !== undefined && { permissionsBoundary }) };
}
