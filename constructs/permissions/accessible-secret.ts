import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { Construct } from 'constructs';
import type { ReadGrant, ReadOptions } from './read-grant.ts';
import type { ReaderOption } from './reader.ts';
import type { SecretAccess } from './secret-access.ts';

/** A secret to which its user admits others, whether or not it rotates. */
export abstract class AccessibleSecret extends Construct {
  /** @internal */
  protected abstract readonly access: SecretAccess;

  /**
   * Lets a role read the secret and its replicas, as `rotaform-client` does. A reader of another account gets into the
   * secret's own policy; the grant has what its account and the policies of the keys need.
   * @param reader the application's role, or its name; the ARN of one, of a user or of an account
   * @throws ConstructError OPTIONS
   */
  grantRead(reader: ReaderOption, options: ReadOptions = {}): ReadGrant {
    return this.access.grantRead(reader, options);
  }

  /**
   * The secret's ARN in one of its regions: a replica's differs in that alone.
   * @throws ConstructError OPTIONS for a region without a replica
   */
  secretArnIn(region: string): string {
    return this.access.secretArnIn(region);
  }

  /**
   * Adds to the secret's own policy what cannot be said before there is a secret, such as its function's role.
   * @throws ConstructError OPTIONS for a statement that would lock out who is needed
   */
  addToResourcePolicy(...statements: readonly DataAwsIamPolicyDocumentStatement[]): void {
    this.access.addToResourcePolicy(...statements);
  }
}
