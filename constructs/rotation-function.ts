import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { checkEnvironmentSize } from './checks/check-environment.ts';
import { checkFunctionName } from './checks/check-function-name.ts';
import { checkKeyArn } from './checks/check-key-arn.ts';
import { checkOptions, knownProvider, knownShape } from './checks/check-options.ts';
import { checkPlace, checkRegion } from './checks/check-region.ts';
import { requireVersions } from './checks/require-versions.ts';
import { warn } from './checks/warn.ts';
import { FunctionArchive } from './code/function-archive.ts';
import { SignedCode } from './code/signed-code.ts';
import { ConstructError } from './construct-error.ts';
import { FunctionNetwork } from './network/function-network.ts';
import { type RoleOptions, rolesOf } from './permissions/role-options.ts';
import { secretArnOf } from './permissions/rotated-secret-arn.ts';
import { rotationStatements } from './permissions/rotation-statements.ts';
import { withPolicyVariables } from './policy/policy-variables.ts';
import { Rotation } from './rotation.ts';
import { type CommonProps, type RotationFunctionProps, rotationFunctionOptions } from './rotation-function-props.ts';
import { checkReplicas, type Replica, replicaKeys } from './secret/replicas.ts';
import type { RotationNeeds } from './targets/rotation-needs.ts';
import { takeProvider } from './terraform/provider.ts';
import { firstCharacters, listOf } from './terraform/references.ts';
import { StackPlace } from './terraform/stack-place.ts';

/**
 * The Lambda function of a rotation: archive, role, policy, log group and Secrets Manager's permission to invoke it. For
 * one secret, or for a fleet: policy and permission then stay as they are, however many secrets there come to be.
 * @throws ConstructError OPTIONS, NAME, ENTRY
 * @example
 * const rotation = new RotationFunction(stack, 'fleet', {
 *   functionName: 'rotate-tenants',
 *   rotation: Rotation.password(),
 *   secretNamePrefix: 'tenants/',
 * });
 * for (const name of ['tenants/1', 'tenants/2']) new RotatedSecret(stack, name, { name, rotation, schedule });
 */
export class RotationFunction extends Construct {
  /** What its rotation needs. */
  readonly needs: RotationNeeds;
  /** How the names of its secrets begin, where several share it. */
  readonly secretNamePrefix: string | undefined;
  readonly kmsKeyArns: readonly string[];
  readonly replicas: readonly Replica[];
  /** Path and permissions boundary of every role that is made for it. */
  readonly roleOptions: RoleOptions;
  /** Shared by the functions of the stack that run the same code. */
  readonly archive: DataArchiveFile;
  readonly logGroup: CloudwatchLogGroup;
  /** Absent where `roleArn` gives another one. */
  readonly role: IamRole | undefined;
  /** Of the role that it runs as, its own or another one. */
  readonly roleArn: string;
  /** Absent where `roleArn` gives another role. */
  readonly rolePolicy: IamRolePolicy | undefined;
  /** The policy that the function's role needs, as JSON: for an output, or for a role of one's own. */
  readonly neededPolicy: string;
  /** Absent where the function is in no VPC. */
  readonly network: FunctionNetwork | undefined;
  /** Absent where the code is not signed. */
  readonly signedCode: SignedCode | undefined;
  readonly function: LambdaFunction;
  readonly permission: LambdaPermission;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    checkOptions<CommonProps & { readonly secretArn?: string; readonly secretNamePrefix?: string }>(
      'RotationFunction',
      props,
      {
        ...rotationFunctionOptions,
        functionName: 'required',
        rotation: Rotation,
        secretArn: 'optional',
        secretNamePrefix: 'optional',
        kmsKeyArns: 'optional',
        replicas: knownShape('optional', 'each has permissions of its own'),
        tags: 'optional',
        provider: knownProvider,
      },
    );
    takeProvider(this, props);
    const { needs } = props.rotation;
    const functionName = Token.asString(props.functionName);
    const { secretNamePrefix, kmsKeyArns: givenArns = [], tracing = false, codeSigning, tags } = props;
    checkFunctionName(this, functionName);
    const kmsKeyArns = listOf(givenArns);
    const { logKmsKeyArn, environmentKmsKeyArn } = props;
    for (const arn of kmsKeyArns) this.#checkKey(arn, 'kmsKeyArn');
    this.#checkKey(logKmsKeyArn, 'logKmsKeyArn');
    this.#checkKey(environmentKmsKeyArn, 'environmentKmsKeyArn');
    for (const arn of needs.otherSecretArns ?? []) checkRegion(this, 'A secret that its rotation reads', arn);
    const variables = {
      ...needs.environment,
      ...(secretNamePrefix !== undefined && needs.sharedEnvironment?.(secretNamePrefix)),
    };
    checkEnvironmentSize(variables);
    this.roleOptions = rolesOf(props);
    requireVersions(this);
    const description = 'Rotates secrets in Secrets Manager (declared with Rotaform)';
    const place = StackPlace.of(this);
    const secretArn = secretArnOf(this, props);
    checkReplicas(this, props.replicas);
    if (props.secretArn !== undefined) checkPlace(this, 'The secretArn', secretArn);

    this.needs = needs;
    for (const warning of needs.warnings ?? []) warn(this, warning);
    this.secretNamePrefix = secretNamePrefix;
    this.kmsKeyArns = kmsKeyArns;
    this.replicas = props.replicas ?? [];
    this.archive = FunctionArchive.of(this, needs.code).file;
    this.logGroup = new CloudwatchLogGroup(this, 'log_group', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: props.logRetentionDays ?? 365,
      kmsKeyId: logKmsKeyArn,
      tags,
    });
    this.role = props.roleArn === undefined ? this.#ownRole(functionName, description, tags) : undefined;
    this.roleArn = this.role?.arn ?? Token.asString(props.roleArn);
    const network = props.network ?? needs.network;
    this.network =
      network && new FunctionNetwork(this, 'network', { network, functionName, roleName: this.role?.name, tags });
    this.signedCode = codeSigning && new SignedCode(this, 'signed_code', this.archive, codeSigning);
    this.function = new LambdaFunction(this, 'function', {
      functionName,
      description,
      ...(this.signedCode?.code ?? {
        filename: this.archive.outputPath,
        sourceCodeHash: this.archive.outputBase64Sha256,
      }),
      codeSigningConfigArn: codeSigning?.configArn,
      handler: 'index.handler',
      runtime: props.runtime ?? 'nodejs24.x',
      architectures: [props.architecture ?? 'arm64'],
      role: this.roleArn,
      timeout: props.timeoutSeconds ?? 30,
      memorySize: props.memoryMegabytes ?? 256,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      environment: { variables },
      kmsKeyArn: environmentKmsKeyArn,
      loggingConfig: { logFormat: 'JSON', logGroup: this.logGroup.name },
      tracingConfig: { mode: tracing ? 'Active' : 'PassThrough' },
      ...(this.network && { vpcConfig: this.network.vpcConfig, dependsOn: this.network.needed }),
      tags,
    });
    this.neededPolicy = this.#document('permissions', [
      ...rotationStatements(this, {
        needs,
        secretArn,
        // A role of one's own may have the policy before there is a function.
        sharedFunctionArn: secretNamePrefix && (this.role ? this.function.arn : this.plannedArn),
        kmsKeyArns,
        replicaKeys: replicaKeys(this.replicas, (region) => secretArnOf(this, props, region)),
        logGroupArn: this.logGroup.arn,
        tracing,
      }),
      ...(this.role ? [] : (this.network?.statements ?? [])),
    ]);
    this.rolePolicy =
      this.role &&
      new IamRolePolicy(this, 'role_policy', { name: 'rotation', role: this.role.name, policy: this.neededPolicy });
    this.permission = new LambdaPermission(this, 'permission', {
      statementId: 'AllowSecretsManagerToRotate',
      action: 'lambda:InvokeFunction',
      principal: 'secretsmanager.amazonaws.com',
      functionName: this.function.functionName,
      sourceArn: secretArn,
      sourceAccount: place.accountId,
    });
  }

  /** The function's ARN from its name: a plan knows it before there is a function. */
  get plannedArn(): string {
    return StackPlace.of(this).arn('lambda', `function:${this.function.functionNameInput}`);
  }

  /**
   * The function's own security group, for the rule that lets it in at its target.
   * @throws ConstructError OPTIONS where it has none: it is in no VPC, or was given others
   */
  get securityGroup(): SecurityGroup {
    const group = this.network?.securityGroup;
    if (group !== undefined) return group;
    throw new ConstructError(
      'OPTIONS',
      `The function ${this.node.path} has no security group of its own. It gets one if its rotation has a network without ` +
        'securityGroupIds.',
    );
  }

  /** What has to be there before the function is called. */
  get prerequisites(): ITerraformDependable[] {
    const { permission, rolePolicy, logGroup, network } = this;
    return [permission, ...(rolePolicy ? [rolePolicy] : []), logGroup, ...(network?.prerequisites ?? [])];
  }

  #ownRole(functionName: string, description: string, tags: RotationFunctionProps['tags']): IamRole {
    return new IamRole(this, 'role', {
      // A role's name is the account's, not the region's: the same stack in a second region must not collide.
      namePrefix: `${firstCharacters(functionName, 37)}-`,
      ...this.roleOptions,
      description,
      assumeRolePolicy: this.#document('trust', [
        { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
      ]),
      tags,
    });
  }

  #checkKey(arn: string | undefined, option: string): void {
    checkKeyArn(arn, option);
    checkRegion(this, `The ${option}`, arn);
  }

  #document(id: string, statement: DataAwsIamPolicyDocumentStatement[]): string {
    return new DataAwsIamPolicyDocument(this, id, { statement: withPolicyVariables(statement) }).json;
  }
}
