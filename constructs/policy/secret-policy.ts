import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { SecretsmanagerSecretPolicy } from '@cdktf/provider-aws/lib/secretsmanager-secret-policy/index.js';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import type { PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import { warn } from '../checks/warn.ts';
import { isReference } from '../terraform/references.ts';
import { checkResourcePolicy, type JudgedSecret } from './check-resource-policy.ts';
import { type ResourcePolicy, statementsOf } from './policy-statement.ts';
import { withPolicyVariables } from './policy-variables.ts';

/** A secret's own policy: what its user declares, and what readers of other accounts need. */
export class SecretPolicy extends Construct {
  readonly document: DataAwsIamPolicyDocument;
  readonly policy: SecretsmanagerSecretPolicy;

  readonly #own: DataAwsIamPolicyDocumentStatement[] = [];
  readonly #secret: JudgedSecret;
  /** Of the JSON that was given. */
  #ofJson: readonly PolicyStatement[] = [];

  /** @throws OPTIONS for a policy that would lock out who is needed, or that AWS would refuse */
  constructor(scope: Construct, id: string, given: ResourcePolicy, secret: JudgedSecret) {
    super(scope, id);
    this.#secret = secret;
    const { secretArn, blockPublicPolicy } = secret;
    const { statements, isWhole } = statementsOf(this, isList(given) ? given.map(ofThisSecret) : given);
    checkResourcePolicy(scope, statements, secret);
    if (typeof given === 'string') this.#ofJson = statements;
    if (!isWhole) {
      warn(
        scope,
        'The resourcePolicy has a part that only Terraform knows, so synth cannot tell whether it locks out the function that ' +
          'rotates the secret, or the role that deploys.',
      );
    }
    const json = typeof given === 'string' || isReference(given) ? Token.asString(given) : undefined;
    this.document = new DataAwsIamPolicyDocument(
      this,
      'document',
      json ? { sourcePolicyDocuments: [withPolicyVariables(json)] } : {},
    );
    this.policy = new SecretsmanagerSecretPolicy(this, 'policy', {
      secretArn,
      policy: this.document.json,
      blockPublicPolicy,
    });
    if (isList(given)) this.#add(given);
  }

  /** @throws OPTIONS as the constructor */
  add(...statements: readonly DataAwsIamPolicyDocumentStatement[]): void {
    const [added = [], own = []] = [statements, this.#own].map(
      (each) => statementsOf(this, each.map(ofThisSecret)).statements,
    );
    checkResourcePolicy(this.node.scope ?? this, added, this.#secret, [...this.#ofJson, ...own]);
    this.#add(statements);
  }

  #add(statements: readonly DataAwsIamPolicyDocumentStatement[]): void {
    this.#own.push(...statements.map(ofThisSecret));
    this.document.putStatement(withPolicyVariables(this.#own));
  }
}

const isList = (given: ResourcePolicy): given is readonly DataAwsIamPolicyDocumentStatement[] =>
  Array.isArray(given) && !isReference(given);

/** The policy is of this secret, and of its replicas, which have other ARNs. */
function ofThisSecret(statement: DataAwsIamPolicyDocumentStatement): DataAwsIamPolicyDocumentStatement {
  if (isReference(statement) || Object(statement) !== statement || statement.notResources) return statement;
  return { resources: ['*'], ...statement };
}
