import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
  type DataAwsIamPolicyDocumentStatementCondition,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { checkOptions } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import { checkTexts, isReference, listOf } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import { keyStatement } from './key-statement.ts';

export interface ReadOptions {
  /**
   * The staging labels by which the secret may be read. A client that names no label, such as AWS's own caches and the
   * `--secret-id` of the AWS CLI alone, is denied unless this is `'any'`; then it may read every version.
   * @default AWSCURRENT; and AWSPENDING if the secret rotates, since a target may take the new value alone before it is
   * current
   */
  readonly versionStages?: readonly string[] | 'any';
}

interface SecretToRead {
  readonly secretArn: string;
  readonly kmsKeyArn?: string | undefined;
  readonly rotates: boolean;
}

/** A role's permission to read one secret, by staging label, and to use its key for that. */
export class ReadGrant extends Construct {
  readonly policyDocument: DataAwsIamPolicyDocument;
  readonly rolePolicy: IamRolePolicy;

  readonly #stages: string;

  /**
   * The same grant for the same role and the same labels.
   * @param role the application's, or its name
   * @throws OPTIONS
   */
  static to(role: IamRole | string, scope: Construct, secret: SecretToRead, options: ReadOptions): ReadGrant {
    checkOptions('grantRead', options, { versionStages: 'optional' });
    checkTexts('The role of grantRead', role);
    const roleName = typeof role === 'string' ? role : isReference(role) ? Token.asString(role) : role.name;
    const id = `read_by_${String(resolveTokens(roleName, scope)).replace(/[${}]/g, '').replace(/\W+/g, '_')}`;
    const made = scope.node.tryFindChild(id);
    if (!(made instanceof ReadGrant)) return new ReadGrant(scope, id, roleName, secret, options);
    if (made.#stages === textOf(scope, stagesOf(secret, options))) return made;
    throw new ConstructError(
      'OPTIONS',
      `${scope.node.path} is granted to one role twice, with different versionStages. Grant it once, with all labels.`,
    );
  }

  private constructor(scope: Construct, id: string, role: string, secret: SecretToRead, options: ReadOptions) {
    super(scope, id);
    const { secretArn, kmsKeyArn } = secret;
    const versionStages = stagesOf(secret, options);
    if (versionStages.length === 0) {
      throw new ConstructError('OPTIONS', "versionStages is empty. Expected staging labels, such as ['AWSCURRENT'].");
    }
    this.#stages = textOf(this, versionStages);
    this.policyDocument = new DataAwsIamPolicyDocument(this, 'permissions', {
      statement: [
        {
          sid: 'ReadTheSecret',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [secretArn],
          ...(versionStages !== 'any' && { condition: [withLabels(versionStages)] }),
        },
        ...(kmsKeyArn === undefined ? [] : [this.#decrypt(secretArn, kmsKeyArn)]),
      ],
    });
    this.rolePolicy = new IamRolePolicy(this, 'role_policy', {
      namePrefix: 'read-secret-',
      role,
      policy: this.policyDocument.json,
    });
  }

  #decrypt(secretArn: string, kmsKeyArn: string): DataAwsIamPolicyDocumentStatement {
    return keyStatement({
      sid: 'UseTheKey',
      actions: ['kms:Decrypt'],
      kmsKeyArns: [kmsKeyArn],
      secretArns: [secretArn],
      region: StackPlace.of(this).region,
    });
  }
}

function stagesOf({ rotates }: SecretToRead, { versionStages }: ReadOptions): readonly string[] | 'any' {
  if (versionStages === 'any') return 'any';
  return listOf(versionStages ?? (rotates ? ['AWSCURRENT', 'AWSPENDING'] : ['AWSCURRENT']));
}

/** Each read of an attribute makes another token for the same. */
function textOf(scope: Construct, stages: readonly string[] | 'any'): string {
  return JSON.stringify(resolveTokens(stages, scope));
}

function withLabels(versionStages: readonly string[]): DataAwsIamPolicyDocumentStatementCondition {
  return { test: 'StringEquals', variable: 'secretsmanager:VersionStage', values: [...versionStages] };
}
