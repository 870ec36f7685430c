import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';

/** Set by Lambda itself. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED = new RegExp(
  '^(TZ|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|' +
    'AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|' +
    'AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API))$',
);

/** What would undo how a function keeps its values, each with the reason. */
const HARMFUL: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^NODE_DEBUG(_NATIVE)?$/, 'Node.js would write requests, with their credentials, to the log'],
  [/^NODE_OPTIONS$/, 'it changes how Node.js runs the function, and may load other code'],
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/, 'no certificate would be verified'],
  [/^AWS_ENDPOINT_URL/, "the value of the secret would go to another address than Secrets Manager's"],
  [/^AWS_LAMBDA_EXEC_WRAPPER$/, 'another program would start the function, and see its credentials'],
];

/** Lambda's limit for all variables of a function, in bytes. */
const MAX_BYTES = 4_096;

/** @throws ENVIRONMENT for a name that Lambda refuses or sets itself, or that would undo how the function keeps its values */
export function checkEnvironmentNames(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(environment)) {
    if (isReference(name)) {
      throw new ConstructError(
        'ENVIRONMENT',
        'An environment variable has a name that only Terraform knows: it could not be checked. Expected a literal.',
      );
    }
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
    const [, reason] = HARMFUL.find(([harmful]) => harmful.test(name)) ?? [];
    if (reason !== undefined) {
      throw new ConstructError('ENVIRONMENT', `The environment variable ${name} is refused: ${reason}. Leave it out.`);
    }
  }
}

/** @throws ENVIRONMENT for more than Lambda takes, names included. What only Terraform knows is not counted. */
export function checkEnvironmentSize(environment: Readonly<Record<string, string>>): void {
  const known = Object.entries(environment).map(([name, value]) => [name, isReference(value) ? '' : value]);
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(known)));
  if (bytes <= MAX_BYTES) return;
  throw new ConstructError(
    'ENVIRONMENT',
    `The function's environment has ${bytes} bytes, names included. Lambda accepts at most ${MAX_BYTES}. Shorten its values, or ` +
      'read the long ones from a secret or a parameter.',
  );
}
