import * as v from 'valibot';
import { addPermission } from '../../lambda/add-permission.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_permission */
export const lambdaPermission = resourceType(
  {
    statement_id: v.optional(v.string()),
    action: v.string(),
    principal: v.string(),
    function_name: v.string(),
    source_arn: v.optional(v.string()),
    source_account: v.optional(v.string()),
  },
  (values, { account }) => {
    const StatementId = values.statement_id ?? uniqueId();
    addPermission(
      {
        FunctionName: values.function_name,
        StatementId,
        Action: values.action,
        Principal: values.principal,
        SourceArn: values.source_arn,
        SourceAccount: values.source_account,
      },
      account,
    );
    return { id: StatementId, statement_id: StatementId };
  },
);
