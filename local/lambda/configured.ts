import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { mayAssume } from '../iam/assume-role.ts';
import type { Settings } from './fields.ts';
import type { FunctionConfiguration } from './lambda-function.ts';

// Variables that Lambda sets itself. A function's configuration may not change them.
const RESERVED =
  /^(_HANDLER|LAMBDA_(TASK_ROOT|RUNTIME_DIR)|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_(RUNTIME_API|FUNCTION_(NAME|VERSION|MEMORY_SIZE)|LOG_(GROUP|STREAM)_NAME)))$/;

/**
 * A function's configuration with these settings applied. What they leave out stays as it is.
 *
 * @throws InvalidParameterValueException Lambda cannot assume the role, or the runtime, the timeout or a variable's name
 * cannot be used.
 */
export function configured(
  before: FunctionConfiguration,
  { VpcConfig, LoggingConfig, Environment, ...settings }: Settings,
  account: Account,
): FunctionConfiguration {
  const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const after: FunctionConfiguration = {
    ...before,
    ...set,
    Environment: Environment ?? before.Environment,
    LoggingConfig: { ...before.LoggingConfig, ...LoggingConfig },
    VpcConfig: VpcConfig ?? before.VpcConfig,
    LastModified: account.clock.now().toISOString().replace('Z', '+0000'),
  };
  refuseUnusable(after, account);
  return after;
}

function refuseUnusable(configuration: FunctionConfiguration, account: Account): void {
  const { FunctionName, Role, Runtime, Timeout, Environment } = configuration;
  if (!mayAssume(account, { roleArn: Role, principal: { service: 'lambda.amazonaws.com' } })) {
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  }
  refuseOtherRuntime(Runtime);
  if (!(Number.isInteger(Timeout) && Timeout >= 1 && Timeout <= 900)) {
    throw invalid(`The timeout of ${FunctionName} is ${Timeout}. Expected a whole number of seconds from 1 to 900.`);
  }
  refuseLargeEnvironment(Environment.Variables);
  const reserved = Object.keys(Environment.Variables).filter((name) => RESERVED.test(name));
  if (reserved.length > 0) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
}

function refuseOtherRuntime(runtime: string): void {
  if (/^nodejs\d+\.x$/.test(runtime)) return;
  throw invalid(
    `The runtime ${runtime} cannot run here: the local Lambda runs functions on this machine's Node.js, and has no other language. ` +
      'Give the function a nodejs runtime, such as nodejs24.x, or deploy it to AWS.',
  );
}

const MOST_ENVIRONMENT_BYTES = 4_096;

/** Lambda's own refusal quotes all variables, which may hold a secret. This one says only how long they are. */
function refuseLargeEnvironment(variables: Readonly<Record<string, string>>): void {
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes <= MOST_ENVIRONMENT_BYTES) return;
  throw invalid(
    'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded ' +
      `the 4KB limit. String measured: ${bytes} bytes of JSON.`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
