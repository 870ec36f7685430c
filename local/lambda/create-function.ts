import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { configured } from './configured.ts';
import { Architectures, SETTINGS, Tags, ZipFile } from './fields.ts';
import { type FunctionConfiguration, LambdaFunction } from './lambda-function.ts';
import { codeOf, unzipCode } from './unzip-code.ts';

const CreateFunction = v.strictObject({
  ...SETTINGS,
  FunctionName: v.pipe(v.string(), v.regex(/^[\w-]+$/), v.maxLength(64)),
  Role: v.string(),
  Handler: v.string(),
  Runtime: v.string(),
  ZipFile,
  Architectures: v.optional(Architectures, ['x86_64']),
  PackageType: v.optional(v.literal('Zip')),
  /** Versions are not supported here. */
  Publish: v.optional(v.literal(false)),
  /** Signatures are not checked. */
  CodeSigningConfigArn: v.optional(v.string()),
  Tags: v.optional(Tags, {}),
});

export type CreateFunctionInput = v.InferInput<typeof CreateFunction>;

/**
 * Creates a function from a zip archive. Its first process starts with its first invocation.
 *
 * @throws ResourceConflictException a function with that name exists.
 * @throws InvalidParameterValueException Lambda cannot assume the role, or the runtime, the timeout, a variable's name or the archive cannot be used.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export const createFunction = action(CreateFunction, (input, account): FunctionConfiguration => {
  const { FunctionName, ZipFile, Tags, CodeSigningConfigArn, Publish: _, PackageType: __, ...settings } = input;
  if (account.functions.find(FunctionName)) {
    throw new AwsError('ResourceConflictException', `Function already exist: ${FunctionName}`, 409);
  }
  const { Architectures, Role, Handler, Runtime } = settings;
  const defaults: FunctionConfiguration = {
    FunctionName,
    FunctionArn: `arn:${account.partition}:lambda:${account.region}:${account.id}:function:${FunctionName}`,
    Role,
    Handler,
    Runtime,
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    Environment: { Variables: {} },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${FunctionName}` },
    TracingConfig: { Mode: 'PassThrough' },
    EphemeralStorage: { Size: 512 },
    Architectures,
    LastModified: '',
    ...codeOf(ZipFile),
  };
  const configuration = configured(defaults, settings, account);
  const made = new LambdaFunction(configuration, unzipCode(ZipFile), account);
  made.archive = ZipFile;
  made.codeSigningConfigArn = CodeSigningConfigArn;
  for (const [key, value] of Object.entries(Tags)) made.tags.set(key, value);
  account.functions.add(made);
  return configuration;
});
