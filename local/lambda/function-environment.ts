import { randomBytes } from 'node:crypto';
import type { Account } from '../account.ts';
import type { FunctionConfiguration } from './lambda-function.ts';

/**
 * Everything in a function's `process.env`: Lambda's variables, the endpoint of this account, then its own. Nothing from
 * this machine's environment. The process adds `AWS_LAMBDA_RUNTIME_API`, because it knows the port.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionEnvironment(
  configuration: Pick<
    FunctionConfiguration,
    'FunctionName' | 'Handler' | 'Runtime' | 'MemorySize' | 'LoggingConfig' | 'Environment'
  >,
  accessKeyId: string,
  account: Pick<Account, 'region' | 'endpoint'>,
): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    _HANDLER: configuration.Handler,
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
    AWS_LAMBDA_LOG_FORMAT: configuration.LoggingConfig.LogFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.LoggingConfig.LogGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL: account.endpoint,
    TZ: ':UTC',
    // This machine's Node.js may be older than the runtime, and is no concern of the function's log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...configuration.Environment.Variables,
  };
}
