import { createHash } from 'node:crypto';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { checkOptions, knownProvider } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import { type ProviderOption, setProvider } from '../terraform/provider.ts';
import { checkTexts, listOf } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import {
  admission,
  type KeyPolicyStatement,
  keyPolicyStatements,
  readStatements,
  type SecretToRead,
} from './read-statements.ts';
import { type Reader, type ReaderOption, readerOf } from './reader.ts';

export interface ReadOptions {
  /**
   * The staging labels by which the secret may be read. A client that names no label, such as AWS's own caches and the
   * `--secret-id` of the AWS CLI alone, is denied unless this is `'any'`; then it may read every version.
   * @default AWSCURRENT; and AWSPENDING if the secret rotates, since a target may take the new value alone before it is
   * current
   */
  readonly versionStages?: readonly string[] | 'any';
  /**
   * The AWS provider of the reader's account, where that is another one: it gives the role its policy.
   * @default that of an `IamRole`; where there is none, the other account attaches `policyDocument.json` itself
   */
  readonly provider?: ProviderOption['provider'];
}

/** A secret to read, whose own policy admits readers of other accounts. */
export interface SharedSecret extends SecretToRead {
  readonly admit: (statement: DataAwsIamPolicyDocumentStatement) => void;
}

/** A role's permission to read one secret and its replicas, by staging label, and to use their keys for that. */
export class ReadGrant extends Construct {
  /** What the reader's own policy says: where the reader is of another account, that account attaches it. */
  readonly policyDocument: DataAwsIamPolicyDocument;
  /** Absent where the reader is of another account, and no provider of it is known. */
  readonly rolePolicy: IamRolePolicy | undefined;
  /** For the policies of the customer keys, where the reader is of another account: one statement for each key. */
  readonly keyStatements: readonly KeyPolicyStatement[];

  readonly #stages: string;

  /**
   * The same grant for the same reader and the same labels.
   * @throws OPTIONS
   */
  static to(option: ReaderOption, scope: Construct, secret: SharedSecret, options: ReadOptions): ReadGrant {
    checkOptions('grantRead', options, { versionStages: 'optional', provider: knownProvider });
    checkTexts('The role of grantRead', option);
    const reader = readerOf(scope, option, options.provider);
    const id = idOf(String(resolveTokens(reader.id, scope)));
    const made = scope.node.tryFindChild(id);
    if (!(made instanceof ReadGrant)) return new ReadGrant(scope, id, reader, secret, options);
    if (made.#stages === textOf(scope, stagesOf(secret, options))) return made;
    throw new ConstructError(
      'OPTIONS',
      `${scope.node.path} is granted to one role twice, with different versionStages. Grant it once, with all labels.`,
    );
  }

  private constructor(scope: Construct, id: string, reader: Reader, secret: SharedSecret, options: ReadOptions) {
    super(scope, id);
    const { principalArn, provider, roleName } = reader;
    if (provider !== undefined) setProvider(this, provider);
    const versionStages = stagesOf(secret, options);
    if (versionStages.length === 0) {
      throw new ConstructError('OPTIONS', "versionStages is empty. Expected staging labels, such as ['AWSCURRENT'].");
    }
    this.#stages = textOf(this, versionStages);
    if (principalArn !== undefined) checkKeys(scope, secret);
    // The secret's place says its region: that of this grant may be another account's.
    this.policyDocument = new DataAwsIamPolicyDocument(this, 'permissions', {
      statement: readStatements(scope, secret, versionStages),
    });
    this.rolePolicy =
      roleName === undefined
        ? undefined
        : new IamRolePolicy(this, 'role_policy', {
            namePrefix: 'read-secret-',
            role: roleName,
            policy: this.policyDocument.json,
          });
    // IAM takes letters and digits alone.
    const sid = `ReadBy${hash(id).slice(0, 16)}`;
    this.keyStatements = principalArn === undefined ? [] : keyPolicyStatements(scope, secret, sid, principalArn);
    if (principalArn !== undefined) secret.admit(admission(sid, principalArn, versionStages));
  }
}

/** @throws OPTIONS for a secret that AWS's own key encrypts: it is of use in its account alone */
function checkKeys(scope: Construct, { kmsKeyArn, replicas }: SecretToRead): void {
  const replica = replicas.find((each) => each.kmsKeyArn === undefined);
  if (kmsKeyArn !== undefined && replica === undefined) return;
  const [what, where] = kmsKeyArn === undefined ? ['The secret', ''] : ['A replica of', ', in replicas'];
  throw new ConstructError(
    'OPTIONS',
    `${what} ${scope.node.path} has no customer key, and its reader is in another account, which cannot use AWS's own key. Give it a ` +
      `kmsKeyArn${where}. If the reader is a role of the secret's account, give its name.`,
  );
}

/** Two readers whose names differ in punctuation alone are two. */
function idOf(reader: string): string {
  const plain = reader.replace(/[${}]/g, '').replace(/\W+/g, '_');
  return plain === reader ? `read_by_${plain}` : `read_by_${plain}_${hash(reader).slice(0, 8)}`;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

function stagesOf({ rotates }: SecretToRead, { versionStages }: ReadOptions): readonly string[] | 'any' {
  if (versionStages === 'any') return 'any';
  return listOf(versionStages ?? (rotates ? ['AWSCURRENT', 'AWSPENDING'] : ['AWSCURRENT']));
}

/** Each read of an attribute makes another token for the same. */
function textOf(scope: Construct, stages: readonly string[] | 'any'): string {
  return JSON.stringify(resolveTokens(stages, scope));
}
