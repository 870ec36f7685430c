import { checkIds } from '../checks/check-ids.ts';
import { checkOptions, knownShape } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import type { SecretsManagerEndpoint } from '../secrets-manager-endpoint.ts';
import { isReference } from '../terraform/references.ts';

/** Where in a VPC a function runs, so that it reaches a target that has no public address. */
export interface Network {
  /** Private subnets from which the target is reached; two in different zones survive the loss of one. */
  readonly subnetIds: readonly string[];
  /** Security groups for the function. @default one of its own, which its `securityGroup` gives */
  readonly securityGroupIds?: readonly string[];
  /**
   * The TCP ports at which the function's own security group lets it connect to its target, besides 443 to Secrets Manager.
   * @default the usual port where the network is that of a rotation such as `Rotation.postgres`, none in `functionOptions`
   */
  readonly targetPorts?: readonly number[];
  /** How the function reaches Secrets Manager. @default the subnets have a NAT gateway, or their VPC has an endpoint */
  readonly secretsManagerEndpoint?: SecretsManagerEndpoint;
}

/** @throws OPTIONS */
export function checkNetwork(network: Network): void {
  checkOptions('network', network, {
    subnetIds: 'required',
    securityGroupIds: 'optional',
    targetPorts: knownShape('optional', 'each port gets its own rule'),
    secretsManagerEndpoint: knownShape('optional', 'the function may connect to its security group'),
  });
  const { subnetIds, securityGroupIds, targetPorts = [] } = network;
  checkIds('network.subnetIds', subnetIds, 'subnet-');
  if (securityGroupIds !== undefined) checkIds('network.securityGroupIds', securityGroupIds, 'sg-');
  const known = targetPorts.filter((port) => !isReference(port));
  const wrong = known.find((port) => !isPort(port));
  if (wrong !== undefined)
    throw new ConstructError('OPTIONS', `network.targetPorts has ${wrong}. Expected TCP ports, 1 to 65535.`);
  const twice = known.find((port, index) => known.indexOf(port) < index);
  if (twice !== undefined)
    throw new ConstructError('OPTIONS', `network.targetPorts has ${twice} twice. Leave one out.`);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
