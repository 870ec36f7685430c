import * as v from 'valibot';
import { invokeFunction } from '../../lambda/invoke-function.ts';
import { DeployError } from '../deploy-error.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation */
export const lambdaInvocation = resourceType(
  {
    function_name: v.string(),
    input: v.string(),
    triggers: v.optional(v.record(v.string(), v.string())),
  },
  async ({ function_name, input }, { account, address }) => {
    const answer = await invokeFunction(account, { functionArn: function_name, payload: JSON.parse(input) });
    if ('failure' in answer) {
      throw new DeployError('REFUSED', `${address}: ${function_name} failed: ${answer.failure.errorMessage}`);
    }
    return { id: function_name, result: JSON.stringify(answer.payload) };
  },
);
