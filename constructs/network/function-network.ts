import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import {
  VpcSecurityGroupEgressRule,
  type VpcSecurityGroupEgressRuleConfig,
} from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import type { SecretsManagerEndpoint } from '../secrets-manager-endpoint.ts';
import { isSamePlace, placeName } from '../terraform/known-place.ts';
import { isReference, listOf } from '../terraform/references.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import { checkNetwork, type Network } from './network.ts';
import { networkStatements } from './network-statements.ts';
import { vpcIdOf } from './vpc-id-of.ts';

interface FunctionNetworkProps {
  readonly network: Network;
  readonly functionName: string;
  /** Absent where the role is made elsewhere, and needs `statements`. */
  readonly roleName: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** A function's place in a VPC: its security group, unless it is given others, and Lambda's permission to connect it. */
export class FunctionNetwork extends Construct {
  /** Absent where the function is given others. */
  readonly securityGroup: SecurityGroup | undefined;
  /** Absent where the subnets reach Secrets Manager in another way. */
  readonly secretsManagerEndpoint: SecretsManagerEndpoint | undefined;
  readonly egressRules: readonly VpcSecurityGroupEgressRule[];
  /** What the role may do for it: Lambda refuses to make a function without that. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  /** What has to be there before the function is made. */
  readonly needed: ITerraformDependable[];
  readonly vpcConfig: { readonly subnetIds: string[]; readonly securityGroupIds: string[] };
  /** What has to be there before the function is called. */
  readonly prerequisites: readonly ITerraformDependable[];

  /** @throws OPTIONS */
  constructor(scope: Construct, id: string, props: FunctionNetworkProps) {
    super(scope, id);
    const { network, functionName, roleName } = props;
    checkNetwork(network);
    const { subnetIds, securityGroupIds, secretsManagerEndpoint } = network;
    if (secretsManagerEndpoint && !isSamePlace(this, secretsManagerEndpoint))
      throw endpointElsewhere(this, secretsManagerEndpoint);

    this.secretsManagerEndpoint = secretsManagerEndpoint;
    this.securityGroup = securityGroupIds === undefined ? this.#securityGroup(props) : undefined;
    this.egressRules = this.securityGroup ? this.#egressRules(this.securityGroup.id, network) : [];
    // By its name: the function is made after the policy.
    const functionArn = StackPlace.of(this).arn('lambda', `function:${functionName}`);
    this.statements = networkStatements(this, functionArn);
    this.needed = roleName === undefined ? [] : [this.#rolePolicy(roleName)];
    this.vpcConfig = {
      subnetIds: listOf(subnetIds),
      securityGroupIds: this.securityGroup ? [this.securityGroup.id] : listOf(securityGroupIds ?? []),
    };
    this.prerequisites = [...this.egressRules, ...(secretsManagerEndpoint ? [secretsManagerEndpoint.endpoint] : [])];
  }

  #rolePolicy(role: string): IamRolePolicy {
    const statement = [...this.statements];
    const policy = new DataAwsIamPolicyDocument(this, 'permissions', { statement }).json;
    return new IamRolePolicy(this, 'role_policy', { name: 'network', role, policy });
  }

  #securityGroup({ network, functionName, tags }: FunctionNetworkProps): SecurityGroup {
    return new SecurityGroup(this, 'security_group', {
      namePrefix: `${functionName}-`,
      description: 'Of a function that rotates secrets (declared with Rotaform)',
      vpcId: vpcIdOf(this, network.subnetIds),
      tags,
    });
  }

  /** HTTPS to Secrets Manager, and the target's ports: where the target is, its own security group says. */
  #egressRules(securityGroupId: string, network: Network): VpcSecurityGroupEgressRule[] {
    const { targetPorts = [], secretsManagerEndpoint } = network;
    const rule = (name: string, description: string, port: number, to: Partial<VpcSecurityGroupEgressRuleConfig>) =>
      new VpcSecurityGroupEgressRule(this, name, {
        securityGroupId,
        description,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        ...to,
      });
    const anywhere = { cidrIpv4: '0.0.0.0/0' };
    const endpoint = secretsManagerEndpoint && { referencedSecurityGroupId: secretsManagerEndpoint.securityGroup.id };
    const ports = endpoint ? targetPorts : targetPorts.filter((port) => port !== 443);
    return [
      rule('to_secrets_manager', 'Secrets Manager', 443, endpoint ?? anywhere),
      // A number that stands for a reference is another one each time.
      ...ports.map((port, index) =>
        rule(isReference(port) ? `to_target_${index}` : `to_port_${port}`, 'The target', port, anywhere),
      ),
    ];
  }
}

function endpointElsewhere(scope: Construct, endpoint: Construct): ConstructError {
  return new ConstructError(
    'OPTIONS',
    `The secretsManagerEndpoint is in ${placeName(endpoint)}, and ${scope.node.path} in ${placeName(scope)}. Expected both in one VPC: ` +
      'declare both with one provider.',
  );
}
