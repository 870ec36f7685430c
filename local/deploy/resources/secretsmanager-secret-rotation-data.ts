import * as v from 'valibot';
import { existingSecret } from '../../secrets-manager/existing-secret.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/secretsmanager_secret_rotation */
export const secretsmanagerSecretRotationData = resourceType(
  { secret_id: v.string() },
  ({ secret_id }, { account }) => {
    const { arn, rotation } = existingSecret(secret_id, account);
    return { id: arn, rotation_enabled: rotation?.enabled ?? false, rotation_lambda_arn: rotation?.lambdaArn ?? '' };
  },
);
