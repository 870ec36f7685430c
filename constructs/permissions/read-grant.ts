import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { checkOptions } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import { keyStatement } from './key-statement.ts';

export interface ReadOptions {
  /**
   * The staging labels by which the secret may be read.
   * @default AWSCURRENT; and AWSPENDING where the secret rotates, since a target may take the new value alone before it is
   * current
   */
  readonly versionStages?: readonly string[];
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

  /**
   * @param role the application's, or its name
   * @throws OPTIONS
   */
  constructor(scope: Construct, role: IamRole | string, secret: SecretToRead, options: ReadOptions) {
    const roleName = typeof role === 'string' ? role : role.name;
    super(scope, `read_by_${String(resolveTokens(roleName, scope)).replace(/[${}]/g, '').replace(/\W+/g, '_')}`);
    checkOptions('grantRead', options, { versionStages: 'optional' });
    const { secretArn, kmsKeyArn, rotates } = secret;
    const { versionStages = rotates ? ['AWSCURRENT', 'AWSPENDING'] : ['AWSCURRENT'] } = options;
    if (versionStages.length === 0) {
      throw new ConstructError('OPTIONS', "versionStages is empty. Expected staging labels, such as ['AWSCURRENT'].");
    }
    this.policyDocument = new DataAwsIamPolicyDocument(this, 'permissions', {
      statement: [
        {
          sid: 'ReadTheSecret',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [secretArn],
          condition: [{ test: 'StringEquals', variable: 'secretsmanager:VersionStage', values: [...versionStages] }],
        },
        ...(kmsKeyArn === undefined ? [] : [this.#decrypt(secretArn, kmsKeyArn)]),
      ],
    });
    this.rolePolicy = new IamRolePolicy(this, 'role_policy', {
      namePrefix: 'read-secret-',
      role: roleName,
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
