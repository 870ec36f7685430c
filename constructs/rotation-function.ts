import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { Construct } from 'constructs';
import { checkOptions, type OptionTable } from './check-options.ts';
import { FunctionArchive } from './function-archive.ts';
import { Rotation } from './rotation.ts';
import { rotationStatements } from './rotation-statements.ts';

/** What a user may choose about a rotation's Lambda function. */
export interface RotationFunctionOptions {
  /** 64 letters, digits, hyphens or underscores at the most. @default `rotate-` and the secret's name */
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
  /** Records each invocation with AWS X-Ray. @default false */
  readonly tracing?: boolean;
  /** The most invocations that may run at once. @default no limit but the account's */
  readonly reservedConcurrentExecutions?: number;
}

export const rotationFunctionOptions: OptionTable<RotationFunctionOptions> = {
  functionName: 'optional',
  timeoutSeconds: 'optional',
  memoryMegabytes: 'optional',
  runtime: 'optional',
  architecture: 'optional',
  logRetentionDays: 'optional',
  tracing: 'optional',
  reservedConcurrentExecutions: 'optional',
};

export interface RotationFunctionProps extends RotationFunctionOptions {
  readonly functionName: string;
  readonly rotation: Rotation;
  /** The one secret that the function may rotate. */
  readonly secretArn: string;
  /** The customer key that the secret is encrypted with. @default AWS's own key */
  readonly kmsKeyArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * The Lambda function of a rotation: archive, role, policy and log group, with no permission that it does not use.
 * @throws ConstructError OPTIONS, ENTRY
 */
export class RotationFunction extends Construct {
  /** Shared by the functions of the stack that run the same code. */
  readonly archive: DataArchiveFile;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    checkOptions('RotationFunction', props, {
      ...rotationFunctionOptions,
      functionName: 'required',
      rotation: Rotation,
      secretArn: 'required',
      kmsKeyArn: 'optional',
      tags: 'optional',
    });
    const { functionName, rotation, runtime = 'nodejs24.x', architecture = 'arm64', tracing = false, tags } = props;
    const description = `Rotates a secret in Secrets Manager (declared with Rotaform)`;

    this.archive = FunctionArchive.of(this, rotation.code).file;
    this.logGroup = new CloudwatchLogGroup(this, 'log_group', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: props.logRetentionDays ?? 365,
      tags,
    });
    this.role = new IamRole(this, 'role', {
      // A role's name is the account's, not the region's: the same stack in a second region must not collide.
      namePrefix: `${functionName.slice(0, 37)}-`,
      description,
      assumeRolePolicy: this.#document('trust', [
        { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
      ]),
      tags,
    });
    this.rolePolicy = new IamRolePolicy(this, 'role_policy', {
      name: 'rotation',
      role: this.role.name,
      policy: this.#document('permissions', rotationStatements(this, { ...props, logGroupArn: this.logGroup.arn })),
    });
    this.function = new LambdaFunction(this, 'function', {
      functionName,
      description,
      filename: this.archive.outputPath,
      sourceCodeHash: this.archive.outputBase64Sha256,
      handler: 'index.handler',
      runtime,
      architectures: [architecture],
      role: this.role.arn,
      timeout: props.timeoutSeconds ?? 30,
      memorySize: props.memoryMegabytes ?? 256,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      environment: { variables: rotation.environment },
      loggingConfig: { logFormat: 'JSON', logGroup: this.logGroup.name },
      tracingConfig: { mode: tracing ? 'Active' : 'PassThrough' },
      tags,
    });
  }

  #document(id: string, statement: DataAwsIamPolicyDocumentStatement[]): string {
    return new DataAwsIamPolicyDocument(this, id, { statement }).json;
  }
}
