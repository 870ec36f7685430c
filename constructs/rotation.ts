import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { checkPasswordOptions } from '../rules/password-options.ts';
import {
  checkPasswordFields,
  type PasswordRotationOptions,
  passwordFields,
  passwordRotationEnvironment,
} from '../rules/password-rotation.ts';
import { checkEnvironmentNames } from './check-environment-names.ts';
import { checkOptions } from './check-options.ts';
import { ConstructError } from './construct-error.ts';
import { builtInCode, customCode, type FunctionCode } from './function-code.ts';

/** What `Rotation.custom` takes. */
export interface CustomRotationOptions {
  /** The file that exports `handler = rotationHandler(…)` of `rotaform/lambda`; compiled at synth. */
  readonly entry: string;
  /**
   * The function's environment variables. Not for secrets: whoever may call `lambda:GetFunctionConfiguration` reads them.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Permissions beyond the rotated secret itself.
   * @default none
   */
  readonly statements?: readonly DataAwsIamPolicyDocumentStatement[];
  /**
   * The top-level fields that the strategy makes: a literal for one of them is then an error at synth.
   * @default none
   */
  readonly generatedFields?: readonly string[];
  /**
   * As the strategy's own `format`.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
}

type RotationNeeds = Pick<
  Rotation,
  'code' | 'environment' | 'statements' | 'format' | 'generatedFields' | 'readsEarlierVersions'
>;

/**
 * How a secret gets its new value, one factory per target. A factory names the function's code, its environment and the
 * permissions that it needs beyond its own secret; it makes no resources.
 */
export class Rotation {
  readonly code: FunctionCode;
  /** Environment variables of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Permissions beyond the rotated secret itself. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  /** Whether the secret is a JSON object or one plain string. */
  readonly format: 'json' | 'text';
  /** The top-level fields whose values rotation makes; none for a plain string. */
  readonly generatedFields: readonly string[];
  /** Whether the strategy may look for older versions, which takes `secretsmanager:ListSecretVersionIds`. */
  readonly readsEarlierVersions: boolean;

  private constructor(needs: RotationNeeds) {
    this.code = needs.code;
    this.environment = needs.environment;
    this.statements = needs.statements;
    this.format = needs.format;
    this.generatedFields = needs.generatedFields;
    this.readsEarlierVersions = needs.readsEarlierVersions;
  }

  /**
   * A generated password that only the secret's readers have to learn.
   * @throws ConstructError PASSWORD_OPTIONS where no password can fit the options, OPTIONS
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html the same vocabulary
   */
  static password(options: PasswordRotationOptions = {}): Rotation {
    checkOptions('Rotation.password', options, {
      length: 'optional',
      excludeCharacters: 'optional',
      excludeNumbers: 'optional',
      excludePunctuation: 'optional',
      excludeUppercase: 'optional',
      excludeLowercase: 'optional',
      includeSpace: 'optional',
      requireEachIncludedType: 'optional',
      field: 'optional',
      format: 'optional',
    });
    checkFormat(options.format);
    const reason = checkPasswordFields(options) ?? checkPasswordOptions(options);
    if (reason !== undefined) throw new ConstructError('PASSWORD_OPTIONS', reason);
    return new Rotation({
      code: builtInCode('password'),
      environment: passwordRotationEnvironment(options),
      statements: [],
      format: options.format ?? 'json',
      generatedFields: passwordFields(options),
      readsEarlierVersions: false,
    });
  }

  /**
   * A strategy of your own.
   * @throws ConstructError ENVIRONMENT, OPTIONS; and ENTRY once a secret uses it, where the file does not compile
   * @example Rotation.custom({ entry: 'rotation/api-key.ts', environment: { API_URL: 'https://api.example.com' } })
   */
  static custom(options: CustomRotationOptions): Rotation {
    checkOptions('Rotation.custom', options, {
      entry: 'required',
      environment: 'optional',
      statements: 'optional',
      generatedFields: 'optional',
      format: 'optional',
    });
    const { entry, environment = {}, statements = [], generatedFields = [], format = 'json' } = options;
    checkFormat(format);
    checkEnvironmentNames(environment);
    return new Rotation({
      code: customCode(entry),
      environment,
      statements,
      format,
      generatedFields,
      readsEarlierVersions: true,
    });
  }
}

function checkFormat(format = 'json'): void {
  if (format === 'json' || format === 'text') return;
  throw new ConstructError('OPTIONS', `format is "${format}". Expected 'json' or 'text'.`);
}
