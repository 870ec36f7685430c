import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import { known, type OptionTable } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import type { JudgedSecret } from '../policy/check-resource-policy.ts';
import type { ResourcePolicy } from '../policy/policy-statement.ts';
import { SecretPolicy } from '../policy/secret-policy.ts';
import { arnInRegion } from '../secret/replicas.ts';
import { regionText } from '../terraform/known-place.ts';
import { checkTexts, isReference } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { ReadGrant, type ReadOptions } from './read-grant.ts';
import type { SecretToRead } from './read-statements.ts';
import type { ReaderOption } from './reader.ts';

export interface ResourcePolicyProps {
  /**
   * The secret's own policy: statements, or a policy's JSON. Where a statement says no resources, it means the secret and its
   * replicas. Synth refuses what would lock out everybody, or the function that rotates the secret.
   * @default none, until `grantRead` needs one for a reader of another account
   */
  readonly resourcePolicy?: ResourcePolicy;
  /** Whether a policy is refused that lets everybody in. @default true */
  readonly blockPublicPolicy?: boolean;
}

export const resourcePolicyProps: OptionTable<ResourcePolicyProps> = {
  resourcePolicy: 'optional',
  blockPublicPolicy: known('optional', 'it decides what the resourcePolicy may say'),
};

/** Who may use a secret besides its rotation: the roles that are granted it, and whom its own policy names. */
export class SecretAccess {
  #policy: SecretPolicy | undefined;

  /**
   * @param beforePolicy throws where the secret's policy is not ours to write
   * @throws OPTIONS for a policy that would lock out who is needed
   */
  constructor(
    private readonly scope: Construct,
    private readonly secret: SecretToRead & Omit<JudgedSecret, 'blockPublicPolicy'>,
    private readonly props: ResourcePolicyProps,
    private readonly beforePolicy: () => void = () => {},
  ) {
    const { resourcePolicy = [] } = props;
    const isEmpty = Array.isArray(resourcePolicy) && !isReference(resourcePolicy) && resourcePolicy.length === 0;
    if (!isEmpty) this.#policy = this.#makePolicy();
  }

  /** Absent where there is none. */
  get policy(): SecretPolicy | undefined {
    return this.#policy;
  }

  grantRead(reader: ReaderOption, options: ReadOptions): ReadGrant {
    const admit = (statement: DataAwsIamPolicyDocumentStatement) => this.addToResourcePolicy(statement);
    return ReadGrant.to(reader, this.scope, { ...this.secret, admit }, options);
  }

  secretArnIn(region: string): string {
    const { secretArn, replicas } = this.secret;
    const textOf = (each: string) => String(resolveTokens(each, this.scope));
    if (textOf(region) === regionText(this.scope)) return secretArn;
    const replica = replicas.find((each) => textOf(each.region) === textOf(region));
    if (replica !== undefined) return arnInRegion(this.scope, secretArn, replica.region);
    const found = isReference(region) ? 'a region that only Terraform knows' : region;
    const known = replicas.map((each) => textOf(each.region)).join(', ') || 'none';
    throw new ConstructError(
      'OPTIONS',
      `The secret ${this.scope.node.path} has no replica in ${found}. Its replicas: ${known}. Add one: replicas.`,
    );
  }

  addToResourcePolicy(...statements: readonly DataAwsIamPolicyDocumentStatement[]): void {
    checkTexts('addToResourcePolicy', statements);
    this.#policy ??= this.#makePolicy();
    this.#policy.add(...statements);
  }

  #makePolicy(): SecretPolicy {
    const { resourcePolicy = [], blockPublicPolicy = true } = this.props;
    this.beforePolicy();
    return new SecretPolicy(this.scope, 'resource_policy', resourcePolicy, { ...this.secret, blockPublicPolicy });
  }
}
