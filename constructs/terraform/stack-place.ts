import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { Construct } from 'constructs';
import { sharedScope } from './shared-scope.ts';

/** Where a stack is deployed. Each data source is made once in a stack, and only if something asks for it. */
export class StackPlace extends Construct {
  #partition: DataAwsPartition | undefined;
  #region: DataAwsRegion | undefined;
  #account: DataAwsCallerIdentity | undefined;

  static of(scope: Construct): StackPlace {
    const shared = sharedScope(scope);
    return (shared.node.tryFindChild('place') as StackPlace | undefined) ?? new StackPlace(shared, 'place');
  }

  /** Such as `aws` or `aws-cn`. */
  get partition(): string {
    this.#partition ??= new DataAwsPartition(this, 'partition');
    return this.#partition.partition;
  }

  /** Such as `us-east-1`: `id`, which versions 5 and 6 of the provider both have. */
  get region(): string {
    this.#region ??= new DataAwsRegion(this, 'region');
    return this.#region.id;
  }

  /** Twelve digits. */
  get accountId(): string {
    this.#account ??= new DataAwsCallerIdentity(this, 'account');
    return this.#account.accountId;
  }

  /** An ARN of this place: `arn('lambda', 'function:rotate-db')`. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }
}
