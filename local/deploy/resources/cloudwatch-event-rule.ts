import * as v from 'valibot';
import { putRule, putTargets } from '../../events/rules.ts';
import { block, resourceType } from '../resource-type.ts';
import { uniqueId } from '../unique-id.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_rule */
export const cloudwatchEventRule = resourceType(
  {
    name: v.optional(v.string()),
    name_prefix: v.optional(v.string()),
    description: v.optional(v.string()),
    event_pattern: v.string(),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  ({ name_prefix, name = uniqueId(name_prefix), description, event_pattern }, { account }) => {
    const { RuleArn } = putRule({ Name: name, Description: description, EventPattern: event_pattern }, account);
    return { id: name, name, arn: RuleArn };
  },
);

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_target */
export const cloudwatchEventTarget = resourceType(
  {
    rule: v.string(),
    arn: v.string(),
    target_id: v.optional(v.string()),
    role_arn: v.optional(v.string()),
    dead_letter_config: v.optional(block({ arn: v.string() })),
    input_transformer: v.optional(
      block({ input_paths: v.optional(v.record(v.string(), v.string()), {}), input_template: v.string() }),
    ),
  },
  ({ rule, arn, target_id = uniqueId(), role_arn, dead_letter_config, input_transformer }, { account }) => {
    const [transformer] = input_transformer ?? [];
    const InputTransformer = transformer && {
      InputPathsMap: transformer.input_paths,
      InputTemplate: transformer.input_template,
    };
    const [deadLetter] = dead_letter_config ?? [];
    const DeadLetterConfig = deadLetter && { Arn: deadLetter.arn };
    const target = { Id: target_id, Arn: arn, RoleArn: role_arn, InputTransformer, DeadLetterConfig };
    putTargets({ Rule: rule, Targets: [target] }, account);
    return { id: `${rule}-${target_id}`, target_id };
  },
);
