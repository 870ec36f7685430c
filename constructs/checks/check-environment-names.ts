import { ConstructError } from '../construct-error.ts';

/** Set by Lambda itself. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED = new RegExp(
  '^(TZ|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|' +
    'AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|' +
    'AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API))$',
);

/** @throws ENVIRONMENT for a name that Lambda refuses or sets itself */
export function checkEnvironmentNames(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(environment)) {
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name)) {
      throw new ConstructError(
        'ENVIRONMENT',
        `The environment variable "${name}" has a name that Lambda refuses. Expected a letter, then one or more letters, ` +
          'digits or underscores.',
      );
    }
    if (RESERVED.test(name)) {
      throw new ConstructError('ENVIRONMENT', `The environment variable ${name} is Lambda's own. Choose another name.`);
    }
  }
}
