import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { checkEnvironmentNames } from '../checks/check-environment.ts';
import { checkFormat } from '../checks/check-format.ts';
import { checkOptions, known, knownShape } from '../checks/check-options.ts';
import { checkStatements } from '../checks/check-statements.ts';
import { customCode } from '../code/function-code.ts';
import type { Network } from '../network/network.ts';
import type { RotationNeeds } from './rotation-needs.ts';

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
   * The fields that the strategy makes, by name or JSON Pointer: a literal for one of them is then an error at synth.
   * @default none
   */
  readonly generatedFields?: readonly string[];
  /**
   * The VPC that the function runs in, where the target has no public address.
   * @default none
   */
  readonly network?: Network;
  /**
   * Whether the target knows one password at a time: synth then warns where a rotation would start outside its window.
   * @default false
   */
  readonly singleUser?: boolean;
  /**
   * As the strategy's own `format`.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
  /**
   * Whether the archive leaves out what a strategy does not need if it calls no AWS service but Secrets Manager, no PostgreSQL by a
   * connection string, and of mysql2 no more than a connection and plain statements in UTF-8. A smaller archive starts faster; our
   * own functions are built like this.
   * @default false
   */
  readonly trim?: boolean;
}

/**
 * What a strategy of one's own needs.
 * @throws ENVIRONMENT, OPTIONS
 */
export function customNeeds(options: CustomRotationOptions): RotationNeeds {
  checkOptions('Rotation.custom', options, {
    entry: known('required', 'it is compiled at synth'),
    environment: knownShape('optional', 'the names of its variables are checked'),
    statements: knownShape('optional', 'others are added to them'),
    generatedFields: known('optional', 'it decides what the first version may hold'),
    network: 'optional',
    singleUser: known('optional', 'it decides what synth warns of'),
    format: known('optional', 'it decides what the first version looks like'),
    trim: known('optional', 'the code is compiled at synth'),
  });
  const {
    entry,
    environment = {},
    statements = [],
    generatedFields = [],
    network,
    singleUser,
    format = 'json',
    trim,
  } = options;
  checkFormat(format);
  checkEnvironmentNames(environment);
  checkStatements('Rotation.custom', statements);
  return {
    code: customCode(entry, { trim }),
    environment,
    statements,
    format,
    generatedFields,
    readsEarlierVersions: true,
    network,
    singleUser,
  };
}
