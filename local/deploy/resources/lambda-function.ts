import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { putFunctionConcurrency } from '../../lambda/concurrency.ts';
import { createFunction } from '../../lambda/create-function.ts';
import { DeployError, placed } from '../deploy-error.ts';
import { block, type ResourceContext, resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function */
export const lambdaFunction = resourceType(
  {
    function_name: v.string(),
    filename: v.optional(v.string()),
    s3_bucket: v.optional(v.string()),
    s3_key: v.optional(v.string()),
    source_code_hash: v.optional(v.string()),
    handler: v.string(),
    runtime: v.string(),
    role: v.string(),
    timeout: v.optional(v.number()),
    memory_size: v.optional(v.number()),
    environment: v.optional(block({ variables: v.optional(v.record(v.string(), v.string())) })),
    logging_config: v.optional(block({ log_format: v.picklist(['JSON', 'Text']), log_group: v.optional(v.string()) })),
    tracing_config: v.optional(block({ mode: v.picklist(['Active', 'PassThrough']) })),
    // The settings below have no effect on this machine.
    architectures: v.optional(v.array(v.picklist(['arm64', 'x86_64']))),
    code_signing_config_arn: v.optional(v.string()),
    description: v.optional(v.string()),
    kms_key_arn: v.optional(v.string()),
    publish: v.optional(v.literal(false)),
    reserved_concurrent_executions: v.optional(v.number()),
    tags: v.optional(v.record(v.string(), v.string())),
    vpc_config: v.optional(block({ subnet_ids: v.array(v.string()), security_group_ids: v.array(v.string()) })),
  },
  async (values, context) => {
    const { account } = context;
    const [environment] = values.environment ?? [];
    const [logging] = values.logging_config ?? [];
    const [tracing] = values.tracing_config ?? [];
    const [vpc] = values.vpc_config ?? [];
    const { FunctionArn, FunctionName } = createFunction(
      {
        FunctionName: values.function_name,
        Role: values.role,
        Handler: values.handler,
        Runtime: values.runtime,
        Description: values.description,
        Timeout: values.timeout,
        MemorySize: values.memory_size,
        Architectures: values.architectures,
        Environment: { Variables: environment?.variables ?? {} },
        LoggingConfig: { LogFormat: logging?.log_format, LogGroup: logging?.log_group },
        TracingConfig: tracing && { Mode: tracing.mode },
        VpcConfig: vpc && { SubnetIds: vpc.subnet_ids, SecurityGroupIds: vpc.security_group_ids },
        CodeSigningConfigArn: values.code_signing_config_arn,
        KMSKeyArn: values.kms_key_arn,
        Tags: values.tags,
        ZipFile: await archiveOf(values, context),
      },
      account,
    );
    if (values.reserved_concurrent_executions !== undefined && values.reserved_concurrent_executions !== -1) {
      const ReservedConcurrentExecutions = values.reserved_concurrent_executions;
      putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions }, account);
    }
    return { id: FunctionName, arn: FunctionArn };
  },
);

interface Archive {
  readonly filename?: string | undefined;
  readonly s3_bucket?: string | undefined;
  readonly s3_key?: string | undefined;
}

async function archiveOf({ filename, s3_bucket, s3_key }: Archive, { address, uploads }: ResourceContext) {
  if (filename !== undefined) return readFile(filename);
  if (s3_bucket !== undefined && s3_key !== undefined) {
    return placed(`${address}.s3_key`, () => uploads.read(s3_bucket, s3_key));
  }
  throw new DeployError('VALUE', `${address}.filename is missing. Expected filename, or s3_bucket and s3_key.`);
}
