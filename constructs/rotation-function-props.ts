import { known, type OptionTable } from './checks/check-options.ts';
import type { CodeSigning } from './code/signed-code.ts';
import type { Network } from './network/network.ts';
import type { Rotation } from './rotation.ts';
import type { Replica } from './secret/replicas.ts';
import type { ProviderOption } from './terraform/provider.ts';

/** What a user may choose about a rotation's Lambda function. */
export interface RotationFunctionOptions {
  /** At most 64 letters, digits, hyphens or underscores. @default `rotate-` and the secret's name */
  readonly functionName?: string;
  /** Seconds until Lambda stops a step. @default 30 */
  readonly timeoutSeconds?: number;
  /** Memory in MB; the processor's share grows with it. @default 256 */
  readonly memoryMegabytes?: number;
  /** A Node.js runtime of Lambda. @default 'nodejs24.x' */
  readonly runtime?: string;
  /** @default 'arm64' */
  readonly architecture?: 'arm64' | 'x86_64';
  /** How long CloudWatch keeps the function's log, in days. @default 365 */
  readonly logRetentionDays?: number;
  /** The customer key that encrypts the log. Its policy must let CloudWatch Logs use it. @default CloudWatch's own */
  readonly logKmsKeyArn?: string;
  /** The customer key that encrypts the function's environment. @default Lambda's own */
  readonly environmentKmsKeyArn?: string;
  /**
   * The role that the function runs as, made elsewhere. Lambda must be able to assume it, and it needs the policy `neededPolicy`.
   * @default a role of the function's own
   */
  readonly roleArn?: string;
  /** The permissions boundary of every role that is made. @default none */
  readonly permissionsBoundaryArn?: string;
  /** The IAM path of every role that is made, such as `/teams/data/`. @default '/' */
  readonly rolePath?: string;
  /** Records each invocation with AWS X-Ray. @default false */
  readonly tracing?: boolean;
  /** The most invocations that may run at once. @default no limit but the account's */
  readonly reservedConcurrentExecutions?: number;
  /** The VPC that the function runs in. @default the rotation's own network, and none where its target needs none */
  readonly network?: Network;
  /** Has AWS Signer sign the function's code. @default the code is not signed */
  readonly codeSigning?: CodeSigning;
}

export const rotationFunctionOptions: OptionTable<RotationFunctionOptions> = {
  functionName: 'optional',
  timeoutSeconds: 'optional',
  memoryMegabytes: 'optional',
  runtime: 'optional',
  architecture: 'optional',
  logRetentionDays: 'optional',
  logKmsKeyArn: 'optional',
  environmentKmsKeyArn: 'optional',
  roleArn: 'optional',
  permissionsBoundaryArn: 'optional',
  rolePath: 'optional',
  tracing: known('optional', 'it decides what the role may do'),
  reservedConcurrentExecutions: 'optional',
  network: 'optional',
  codeSigning: 'optional',
};

export interface CommonProps extends RotationFunctionOptions, ProviderOption {
  readonly functionName: string;
  readonly rotation: Rotation;
  /** The customer keys that its secrets are encrypted with. @default none: AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArns?: readonly string[];
  /** The replicas of its secrets: it may use their customer keys, so that a new version reaches them. @default none */
  readonly replicas?: readonly Replica[];
  /** Tags of the function, its role and its log group. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

interface OwnFunctionProps extends CommonProps {
  /** The one secret that the function may rotate. */
  readonly secretArn: string;
  readonly secretNamePrefix?: never;
}

interface SharedFunctionProps extends CommonProps {
  /** How the names of all secrets begin that the function may rotate, such as `tenants/`. */
  readonly secretNamePrefix: string;
  readonly secretArn?: never;
}

export type RotationFunctionProps = OwnFunctionProps | SharedFunctionProps;
