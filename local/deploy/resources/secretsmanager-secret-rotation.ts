import * as v from 'valibot';
import { existingSecret } from '../../secrets-manager/existing-secret.ts';
import { rotateSecret } from '../../secrets-manager/rotate-secret.ts';
import { block, resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_rotation */
export const secretsmanagerSecretRotation = resourceType(
  {
    secret_id: v.string(),
    rotation_lambda_arn: v.optional(v.string()),
    rotate_immediately: v.optional(v.boolean(), true),
    rotation_rules: block({
      automatically_after_days: v.optional(v.number()),
      schedule_expression: v.optional(v.string()),
      duration: v.optional(v.string()),
    }),
  },
  ({ secret_id, rotation_lambda_arn, rotate_immediately, rotation_rules: [rules] }, { account }) => {
    rotateSecret(
      {
        SecretId: secret_id,
        ClientRequestToken: uniqueId(),
        RotateImmediately: rotate_immediately,
        ...(rotation_lambda_arn !== undefined && { RotationLambdaARN: rotation_lambda_arn }),
        RotationRules: {
          ...(rules.automatically_after_days !== undefined && {
            AutomaticallyAfterDays: rules.automatically_after_days,
          }),
          ...(rules.schedule_expression !== undefined && { ScheduleExpression: rules.schedule_expression }),
          ...(rules.duration !== undefined && { Duration: rules.duration }),
        },
      },
      account,
    );
    return { id: secret_id, rotation_enabled: true };
  },
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/secretsmanager_secret_rotation */
export const secretsmanagerSecretRotationData = resourceType(
  { secret_id: v.string() },
  ({ secret_id }, { account }) => {
    const { arn, rotation } = existingSecret(secret_id, account);
    return { id: arn, rotation_enabled: rotation?.enabled ?? false, rotation_lambda_arn: rotation?.lambdaArn ?? '' };
  },
);
