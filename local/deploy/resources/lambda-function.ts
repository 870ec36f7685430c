import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { createFunction } from '../../lambda/create-function.ts';
import { block, resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function */
export const lambdaFunction = resourceType(
  {
    function_name: v.string(),
    filename: v.string(),
    source_code_hash: v.optional(v.string()),
    handler: v.string(),
    runtime: v.string(),
    role: v.string(),
    timeout: v.optional(v.number()),
    memory_size: v.optional(v.number()),
    environment: v.optional(block({ variables: v.optional(v.record(v.string(), v.string())) })),
    logging_config: v.optional(block({ log_format: v.picklist(['JSON', 'Text']), log_group: v.optional(v.string()) })),
    tracing_config: v.optional(block({ mode: v.picklist(['Active', 'PassThrough']) })),
    // What follows changes nothing on this machine.
    architectures: v.optional(v.array(v.picklist(['arm64', 'x86_64']))),
    description: v.optional(v.string()),
    publish: v.optional(v.boolean()),
    reserved_concurrent_executions: v.optional(v.number()),
    tags: v.optional(v.record(v.string(), v.string())),
  },
  async (values, { account }) => {
    const [environment] = values.environment ?? [];
    const [logging] = values.logging_config ?? [];
    const [tracing] = values.tracing_config ?? [];
    const { FunctionArn, FunctionName } = await createFunction(
      {
        FunctionName: values.function_name,
        Role: values.role,
        Handler: values.handler,
        Runtime: values.runtime,
        ...(values.timeout !== undefined && { Timeout: values.timeout }),
        ...(values.memory_size !== undefined && { MemorySize: values.memory_size }),
        Environment: { Variables: environment?.variables ?? {} },
        LoggingConfig: {
          ...(logging && { LogFormat: logging.log_format }),
          ...(logging?.log_group !== undefined && { LogGroup: logging.log_group }),
        },
        ...(tracing && { TracingConfig: { Mode: tracing.mode } }),
        ZipFile: await readFile(values.filename),
      },
      account,
    );
    return { id: FunctionName, arn: FunctionArn };
  },
);
