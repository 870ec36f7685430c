import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { FunctionCode } from '../code/function-code.ts';
import type { Network } from '../network/network.ts';

/** What one kind of rotation needs: its function's code, environment and permissions, and what synth has to know about it. */
export interface RotationNeeds {
  readonly code: FunctionCode;
  /** Environment variables of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Permissions beyond the rotated secret itself. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  /** Whether the secret is a JSON object or one plain string. */
  readonly format: 'json' | 'text';
  /** The top-level fields whose values the rotation makes. A plain string has none. */
  readonly generatedFields: readonly string[];
  /** Whether the strategy may look for older versions, which takes `secretsmanager:ListSecretVersionIds`. */
  readonly readsEarlierVersions: boolean;
  /** How long each value lives, in seconds. The schedule must renew it in time. @default not known */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** The VPC that the function runs in. @default none: the target has a public address */
  readonly network?: Network | undefined;
  /**
   * Whether the target knows one password at a time: an application that has the old one is refused until it reads the
   * secret again.
   * @default false
   */
  readonly singleUser?: boolean | undefined;
  /** Other secrets that the function reads, such as an administrator's. None of them may be the secret that it rotates. */
  readonly otherSecretArns?: readonly string[] | undefined;
  /** Variables of a function that several secrets share. @throws OPTIONS if they cannot share one */
  readonly sharedEnvironment?: ((secretNamePrefix: string) => Readonly<Record<string, string>>) | undefined;
  /** What synth warns of, wherever a function of it is declared. @default nothing */
  readonly warnings?: readonly string[] | undefined;
}
