import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { checkIds } from './checks/check-ids.ts';
import { checkOptions, knownProvider } from './checks/check-options.ts';
import { vpcIdOf } from './network/vpc-id-of.ts';
import { type ProviderOption, takeProvider } from './terraform/provider.ts';
import { listOf } from './terraform/references.ts';
import { StackPlace } from './terraform/stack-place.ts';

export interface SecretsManagerEndpointProps extends ProviderOption {
  /** Subnets of one VPC, at most one in each zone. */
  readonly subnetIds: readonly string[];
  /** Tags of the endpoint and its security group. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Secrets Manager's address inside a VPC, for functions in subnets without a way to the internet: one for all functions
 * there. It answers to the usual name, so every program of the VPC that asks Secrets Manager asks it from then on; a second
 * one in the same VPC is refused by AWS.
 * @throws ConstructError OPTIONS
 * @example
 * const secretsManagerEndpoint = new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds });
 * const network = { subnetIds, secretsManagerEndpoint };
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html
 */
export class SecretsManagerEndpoint extends Construct {
  /** Lets in HTTPS from the whole VPC. */
  readonly securityGroup: SecurityGroup;
  readonly endpoint: VpcEndpoint;

  constructor(scope: Construct, id: string, props: SecretsManagerEndpointProps) {
    super(scope, id);
    checkOptions('SecretsManagerEndpoint', props, { subnetIds: 'required', tags: 'optional', provider: knownProvider });
    takeProvider(this, props);
    const { subnetIds, tags } = props;
    checkIds('subnetIds', subnetIds, 'subnet-');
    const vpcId = vpcIdOf(this, subnetIds);
    const vpc = new DataAwsVpc(this, 'vpc', { id: vpcId });
    const description = 'HTTPS to Secrets Manager (declared with Rotaform)';

    this.securityGroup = new SecurityGroup(this, 'security_group', {
      namePrefix: 'secrets-manager-endpoint-',
      description,
      vpcId,
      ingress: [
        {
          description: 'From this VPC',
          protocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrBlocks: Token.asList(`\${${vpc.fqn}.cidr_block_associations[*].cidr_block}`),
        },
      ],
      tags,
    });
    this.endpoint = new VpcEndpoint(this, 'endpoint', {
      vpcId,
      serviceName: `com.amazonaws.${StackPlace.of(this).region}.secretsmanager`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: listOf(subnetIds),
      securityGroupIds: [this.securityGroup.id],
      tags,
    });
  }
}
