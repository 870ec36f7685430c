import type { Account } from '../account.ts';
import type { NeededPermission } from '../permissions/authorize.ts';
import { textFields } from '../text-fields.ts';

/**
 * What RotateSecret needs in addition: whoever starts a rotation must be allowed to invoke its function.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export function rotationPermissions(action: string, input: unknown, account: Account): NeededPermission[] {
  if (action !== 'RotateSecret') return [];
  const { SecretId = '', RotationLambdaARN } = textFields(input);
  const resource = RotationLambdaARN ?? account.secrets.find(SecretId)?.rotation?.lambdaArn;
  return resource === undefined ? [] : [{ action: 'lambda:InvokeFunction', resource }];
}
