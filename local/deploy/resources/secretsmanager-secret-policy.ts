import * as v from 'valibot';
import { putResourcePolicy } from '../../secrets-manager/put-resource-policy.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_policy */
export const secretsmanagerSecretPolicy = resourceType(
  { secret_arn: v.string(), policy: v.string(), block_public_policy: v.optional(v.boolean()) },
  ({ secret_arn, policy, block_public_policy }, { account }) => {
    putResourcePolicy(
      { SecretId: secret_arn, ResourcePolicy: policy, BlockPublicPolicy: block_public_policy },
      account,
    );
    return { id: secret_arn };
  },
);
