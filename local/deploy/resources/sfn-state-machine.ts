import * as v from 'valibot';
import { createStateMachine } from '../../step-functions/machines.ts';
import { resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine */
export const sfnStateMachine = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    definition: v.string(),
    role_arn: v.string(),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name_prefix, name = uniqueId(name_prefix), definition, role_arn }, { account }) => {
    const { stateMachineArn } = createStateMachine({ name, definition, roleArn: role_arn }, account);
    return { id: stateMachineArn, arn: stateMachineArn, name };
  },
);
