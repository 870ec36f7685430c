import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

/** Where a stack is deployed: each data source once in a stack, and only where something asks for it. */
export class StackPlace extends Construct {
  #partition: DataAwsPartition | undefined;
  #region: DataAwsRegion | undefined;
  #account: DataAwsCallerIdentity | undefined;

  static of(scope: Construct): StackPlace {
    const stack = TerraformStack.of(scope);
    const made = stack.node.tryFindChild('rotaform');
    return made instanceof StackPlace ? made : new StackPlace(stack, 'rotaform');
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

  /** An ARN of this place: `arn('lambda', 'function:turn')`. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }
}
