import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';
import { providerOf } from './provider.ts';
import { sharedScope } from './shared-scope.ts';

/**
 * Where a scope's resources are deployed: one for each provider of a stack. Each data source is made once, and only if
 * something asks for it.
 */
export class StackPlace extends Construct {
  #partition: DataAwsPartition | undefined;
  #region: DataAwsRegion | undefined;
  #account: DataAwsCallerIdentity | undefined;

  static of(scope: Construct): StackPlace {
    const shared = sharedScope(scope);
    const provider = providerOf(scope);
    const id = provider?.alias === undefined ? 'place' : `place-${provider.alias}`;
    return (shared.node.tryFindChild(id) as StackPlace | undefined) ?? new StackPlace(shared, id, provider);
  }

  private constructor(
    scope: Construct,
    id: string,
    private readonly provider: AwsProvider | undefined,
  ) {
    super(scope, id);
  }

  /** Such as `aws` or `aws-cn`. */
  get partition(): string {
    const { provider } = this;
    this.#partition ??= new DataAwsPartition(this, 'partition', { provider });
    return this.#partition.partition;
  }

  /** Such as `us-east-1`: `id`, which versions 5 and 6 of the provider both have. */
  get region(): string {
    const { provider } = this;
    this.#region ??= new DataAwsRegion(this, 'region', { provider });
    return this.#region.id;
  }

  /** Twelve digits. */
  get accountId(): string {
    const { provider } = this;
    this.#account ??= new DataAwsCallerIdentity(this, 'account', { provider });
    return this.#account.accountId;
  }

  /** An ARN of this place: `arn('lambda', 'function:rotate-db')`. */
  arn(service: string, resource: string, region = this.region): string {
    return `arn:${this.partition}:${service}:${region}:${this.accountId}:${resource}`;
  }
}
