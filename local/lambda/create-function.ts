import { createHash } from 'node:crypto';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { mayAssume } from '../iam/may-assume.ts';
import { type FunctionConfiguration, LambdaFunction } from './lambda-function.ts';
import { unzipCode } from './unzip-code.ts';

export interface CreateFunctionInput {
  readonly FunctionName: string;
  /** The role's ARN. */
  readonly Role: string;
  readonly Handler: string;
  /** Any `nodejs…` runtime; it runs on the Node that runs this. */
  readonly Runtime: string;
  /** Seconds, 1–900. @default 3 */
  readonly Timeout?: number;
  /** MB, told to the function and not enforced. @default 128 */
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly LoggingConfig?: { readonly LogFormat?: 'JSON' | 'Text'; readonly LogGroup?: string };
  /** Whether its invocations are traced. @default PassThrough, which is: no */
  readonly TracingConfig?: { readonly Mode: 'Active' | 'PassThrough' };
  readonly ZipFile: Uint8Array;
}

// What Lambda itself sets and does not let a function's configuration change.
const RESERVED =
  /^(_HANDLER|LAMBDA_(TASK_ROOT|RUNTIME_DIR)|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_(RUNTIME_API|FUNCTION_(NAME|VERSION|MEMORY_SIZE)|LOG_(GROUP|STREAM)_NAME)))$/;

/**
 * Makes a function from a zip archive; its first process starts with its first invocation.
 *
 * @throws ResourceConflictException a function of that name exists.
 * @throws InvalidParameterValueException Lambda cannot assume the role, or the runtime, the timeout, a variable's name or the archive cannot be used.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export async function createFunction(input: CreateFunctionInput, account: Account): Promise<FunctionConfiguration> {
  const { FunctionName, Role, Handler, Runtime, Timeout = 3, MemorySize = 128, LoggingConfig, ZipFile } = input;
  const Variables = input.Environment?.Variables ?? {};
  refuseTaken(FunctionName, account);
  if (!mayAssume(account, { roleArn: Role, service: 'lambda.amazonaws.com' })) {
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  }
  if (!Runtime.startsWith('nodejs')) {
    throw invalid(
      `The runtime ${Runtime} cannot run locally: only nodejs runtimes can. Choose one, such as nodejs24.x.`,
    );
  }
  if (!(Number.isInteger(Timeout) && Timeout >= 1 && Timeout <= 900)) {
    throw invalid(`The timeout of ${FunctionName} is ${Timeout}; expected a whole number of seconds from 1 to 900.`);
  }
  const reserved = Object.keys(Variables).filter((name) => RESERVED.test(name));
  if (reserved.length > 0) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const configuration: FunctionConfiguration = {
    FunctionName,
    FunctionArn: `arn:aws:lambda:${account.region}:${account.id}:function:${FunctionName}`,
    Role,
    Handler,
    Runtime,
    Timeout,
    MemorySize,
    Environment: { Variables },
    LoggingConfig: {
      LogFormat: LoggingConfig?.LogFormat ?? 'Text',
      LogGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
    },
    TracingConfig: input.TracingConfig ?? { Mode: 'PassThrough' },
    CodeSha256: createHash('sha256').update(ZipFile).digest('base64'),
    CodeSize: ZipFile.length,
  };
  const codeFolder = await unzipCode(ZipFile);
  account.functions.add(new LambdaFunction(configuration, codeFolder, account));
  return configuration;
}

function refuseTaken(name: string, account: Account): void {
  if (account.functions.find(name)) {
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
