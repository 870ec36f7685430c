/** `rotaform-client/local-secrets`: values from a file or an environment variable instead of AWS, for development. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { kindOf } from '../rules/kind-of.ts';
import { aName, checkOptions } from './check-options.ts';
import { SecretReadError, type SecretReadErrorCode } from './secret-read-error.ts';
import type { SecretsManager } from './secrets-manager.ts';

export interface LocalSecretsOptions {
  /**
   * The values of NODE_ENV with which the variables may be set. Name one more only where no real secret is needed, such as in
   * an end-to-end test of the built application.
   * @default development and test, and these only outside of Lambda and ECS
   */
  readonly environments?: readonly string[];
}

const OPTIONS = {
  environments: [
    'an array of names',
    (found: unknown) => Array.isArray(found) && found.every((each) => aName[1](each as never)),
  ],
} as const;
const DEVELOPMENT = ['development', 'test'];
/** JSON itself, or the path of a file that holds it. */
const VARIABLE = 'ROTAFORM_LOCAL_SECRETS';
const FILE_VARIABLE = 'ROTAFORM_LOCAL_SECRETS_FILE';

/**
 * What answers instead of Secrets Manager if `ROTAFORM_LOCAL_SECRETS` or `ROTAFORM_LOCAL_SECRETS_FILE` is set; undefined if neither
 * is, and then the cache reads from AWS. Both hold a JSON object with the value of each secret by its name. A file is read again
 * at each read of a secret: a changed value is a new version.
 *
 * @throws SecretReadError CONFIGURATION a variable is set outside of development, in an environment that is not named
 * @example
 * const cache = secretsCache({ client: localSecrets() });
 */
export function localSecrets(options: LocalSecretsOptions = {}): SecretsManager | undefined {
  checkOptions(options, OPTIONS);
  const { env } = process;
  const set = [VARIABLE, FILE_VARIABLE].filter((name) => env[name]);
  const [variable] = set;
  if (variable === undefined) return undefined;
  if (set.length > 1) throw failure('CONFIGURATION', `${set.join(' and ')} are set; expected one of them.`);
  refuseOutside(options.environments, variable);
  const file = env[FILE_VARIABLE] && path.resolve(env[FILE_VARIABLE]);
  const source = file ? `${variable} (${file})` : variable;
  const stored = () => parsed(file ? contentOf(file, source) : (env[variable] ?? ''), source);
  stored(); // A mistake in it is told at once.
  const versions = new Map<string, { readonly text: string; readonly number: number }>();
  return {
    async getSecretValue({ SecretId }) {
      const text = storedText(stored(), SecretId, source);
      const before = versions.get(SecretId);
      const version = before?.text === text ? before : { text, number: (before?.number ?? 0) + 1 };
      versions.set(SecretId, version);
      return { VersionId: `local-${version.number}`, SecretString: text };
    },
  };
}

/** Not by what is missing: a server without NODE_ENV is not development. */
function refuseOutside(environments: readonly string[] | undefined, variable: string): void {
  const { NODE_ENV, AWS_LAMBDA_FUNCTION_NAME, AWS_EXECUTION_ENV } = process.env;
  const isOnAws = environments === undefined && (AWS_LAMBDA_FUNCTION_NAME ?? AWS_EXECUTION_ENV) !== undefined;
  const allowed = environments ?? DEVELOPMENT;
  if (NODE_ENV !== undefined && allowed.includes(NODE_ENV) && !isOnAws) {
    if (DEVELOPMENT.includes(NODE_ENV)) return;
    const problem = `Secrets come from ${variable}, and not from AWS: NODE_ENV is ${NODE_ENV}, which localSecrets names.`;
    process.emitWarning(problem, 'RotaformWarning');
    return;
  }
  const found = isOnAws ? 'this process runs on AWS' : `NODE_ENV is ${NODE_ENV || 'not set'}`;
  const remedy = 'Remove the variable, or name this environment: localSecrets({ environments: […] }).';
  const expected = `expected NODE_ENV to be ${allowed.join(' or ')}${environments ? '' : ', outside of AWS'}`;
  throw failure('CONFIGURATION', `${variable} is set, but ${found}; ${expected}. ${remedy}`);
}

function contentOf(file: string, source: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw failure('CONFIGURATION', `The file of ${source} cannot be read: ${code}.`);
  }
}

function parsed(text: string, source: string): object {
  let found: unknown;
  try {
    found = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message quotes the text.
    throw failure(
      'CONFIGURATION',
      `${source} is not JSON; expected an object with the value of each secret by its name.`,
    );
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found;
  const problem = `${source} holds ${kindOf(found)}; expected an object with the value of each secret by its name.`;
  throw failure('CONFIGURATION', problem);
}

/** The text as Secrets Manager would store it. */
function storedText(stored: object, secretId: string, source: string): string {
  const [name] = namesOf(secretId).filter((each) => Object.hasOwn(stored, each));
  if (name === undefined) throw failure('NOT_FOUND', `${source} has no "${secretId}". Add it, with its value.`);
  const value = (stored as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  throw failure('SECRET_VALUE', `"${name}" in ${source} is ${kindOf(value)}; expected an object, an array or a text.`);
}

/** An ARN has the name, and after it six characters that AWS chose. */
function namesOf(secretId: string): string[] {
  const [, name] = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(secretId) ?? [];
  return name === undefined ? [secretId] : [secretId, name, name.replace(/-[^-]{6}$/, '')];
}

const failure = (code: SecretReadErrorCode, message: string) => new SecretReadError(code, message);
