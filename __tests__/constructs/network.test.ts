import { TerraformVariable, Token } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  type Network,
  RotatedSecret,
  Rotation,
  type RotationFunctionOptions,
  Schedule,
  SecretsManagerEndpoint,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
const secret = { name: 'app/db', rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };

function stackOf(network: Network, options: RotationFunctionOptions = {}): StackJson {
  return synthesize((stack) => {
    new RotatedSecret(stack, 'db', { ...secret, functionOptions: { ...options, network } });
  });
}

describe('A function in a VPC', () => {
  it('has its own security group in the VPC of its subnets', () => {
    const stack = stackOf({ subnetIds });
    expect(blockOf(stack, 'aws_subnet')).toEqual({ id: subnetIds[0] });
    expect(blockOf(stack, 'aws_security_group')).toMatchObject({
      name_prefix: 'rotate-app-db-',
      vpc_id: expect.stringMatching(/^\$\{data\.aws_subnet\.\w+\.vpc_id\}$/),
    });
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({
      vpc_config: {
        subnet_ids: subnetIds,
        security_group_ids: [expect.stringMatching(/^\$\{aws_security_group\.\w+\.id\}$/)],
      },
    });
  });

  it('may connect to AWS and to the ports of its target, and accepts no connection', () => {
    const stack = stackOf({ subnetIds, targetPorts: [443, 5432] });
    const rules = blocksOf(stack, 'aws_vpc_security_group_egress_rule');
    const to = (port: number) =>
      expect.objectContaining({ ip_protocol: 'tcp', from_port: port, to_port: port, cidr_ipv4: '0.0.0.0/0' });
    expect(rules).toHaveLength(2);
    expect(rules).toEqual(expect.arrayContaining([to(443), to(5432)]));
    expect(blockOf(stack, 'aws_security_group')).not.toHaveProperty('ingress');
    expect(stack.resource).not.toHaveProperty('aws_vpc_security_group_ingress_rule');
  });

  it('uses the declared security groups, and creates none', () => {
    const stack = stackOf({ subnetIds, securityGroupIds: ['sg-0123456789abcdef0'] });
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({
      vpc_config: { security_group_ids: ['sg-0123456789abcdef0'] },
    });
    expect(blocksOf(stack, 'aws_security_group')).toEqual([]);
    expect(blocksOf(stack, 'aws_vpc_security_group_egress_rule')).toEqual([]);
  });

  it('is created once Lambda may attach it to the network, and rotates once it can connect', () => {
    const stack = stackOf({ subnetIds });
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\.\w+_network_role_policy_/)],
    });
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation').depends_on).toContainEqual(
      expect.stringMatching(/^aws_vpc_security_group_egress_rule\.\w+_to_secrets_manager_/),
    );
  });

  it('lets Lambda, but not its own code, manage its network interfaces', () => {
    const { statement } = blockOf(stackOf({ subnetIds }), 'aws_iam_policy_document', 'network_permissions');
    const changes = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:UnassignPrivateIpAddresses',
    ];
    const descriptions = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
    expect(statement).toEqual([
      {
        sid: 'ConnectTheFunction',
        actions: changes,
        resources: [
          expect.stringMatching(
            /^arn:\$\{data\.aws_partition\.\w+\.partition\}:ec2:\$\{data\.aws_region\.\w+\.id\}:\*:\*\/\*$/,
          ),
        ],
      },
      { sid: 'SeeTheNetwork', actions: descriptions, resources: ['*'] },
      {
        sid: 'KeepTheNetworkFromTheCode',
        effect: 'Deny',
        actions: [...changes, ...descriptions],
        resources: ['*'],
        condition: [
          {
            test: 'ArnEquals',
            variable: 'lambda:SourceFunctionArn',
            values: [expect.stringMatching(/^arn:.*:lambda:.*:function:rotate-app-db$/)],
          },
        ],
      },
    ]);
  });

  it('runs in the network of its rotation, unless its own options name another', () => {
    const rotation = Rotation.custom({
      entry: 'examples/custom-strategy/api-key.ts',
      network: { subnetIds, securityGroupIds: ['sg-0a'] },
    });
    const groupsOf = (functionOptions?: RotationFunctionOptions) =>
      blockOf(
        synthesize((stack) => void new RotatedSecret(stack, 'db', { ...secret, rotation, functionOptions })),
        'aws_lambda_function',
      ).vpc_config;
    expect(groupsOf()).toMatchObject({ security_group_ids: ['sg-0a'] });
    expect(groupsOf({ network: { subnetIds, securityGroupIds: ['sg-0b'] } })).toMatchObject({
      security_group_ids: ['sg-0b'],
    });
  });

  it('accepts subnets that only Terraform knows', () => {
    const stack = synthesize((stack) => {
      const { listValue } = new TerraformVariable(stack, 'subnets', { type: 'list(string)' });
      new RotatedSecret(stack, 'db', { ...secret, functionOptions: { network: { subnetIds: listValue } } });
    });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({ vpc_config: { subnet_ids: '${var.subnets}' } });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
    expect(blockOf(stack, 'aws_subnet')).toEqual({ id: '${element(var.subnets, 0)}' });
  });

  it('returns its own security group for the rule of its target, and says if it has none', () => {
    synthesize((stack) => {
      const inVpc = { ...secret, functionOptions: { network: { subnetIds } } };
      const { securityGroup } = new RotatedSecret(stack, 'db', inVpc).rotationFunction;
      expect(Token.isUnresolved(securityGroup.id)).toBe(true);
      const { rotationFunction } = new RotatedSecret(stack, 'other', { ...secret, name: 'app/other' });
      const error = refusal(() => rotationFunction.securityGroup);
      expect(error).toMatchObject({
        code: 'OPTIONS',
        message: expect.stringContaining('has no security group of its own'),
      });
    });
  });

  it.each<[string, object, string]>([
    ['no subnets', { subnetIds: [] }, 'network.subnetIds is empty or not a list'],
    ['a subnet by its ARN', { subnetIds: ['arn:aws:ec2'] }, 'network.subnetIds has "arn:aws:ec2"'],
    ['one subnet that is not in a list', { subnetIds: 'subnet-0a' }, 'network.subnetIds is empty or not a list'],
    ['a security group by its name', { subnetIds, securityGroupIds: ['db'] }, 'network.securityGroupIds has "db"'],
    ['no security groups', { subnetIds, securityGroupIds: [] }, 'network.securityGroupIds is empty or not a list'],
    ['an invalid port', { subnetIds, targetPorts: [70_000] }, 'network.targetPorts has 70000'],
    ['a port twice', { subnetIds, targetPorts: [5432, 5432] }, 'network.targetPorts has 5432 twice'],
    ['an unknown option', { subnetIds, vpcId: 'vpc-0a' }, 'network has no option "vpcId"'],
  ])('refuses %s', (_what, network, message) => {
    const error = refusal(() => stackOf(network as Network));
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });
});

describe('SecretsManagerEndpoint', () => {
  const withEndpoint = () =>
    synthesize((stack) => {
      const secretsManagerEndpoint = new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds });
      for (const name of ['app/one', 'app/two']) {
        const functionOptions = { network: { subnetIds, secretsManagerEndpoint } };
        new RotatedSecret(stack, name.replace('/', '-'), { ...secret, name, functionOptions });
      }
    });

  it('serves Secrets Manager to the whole VPC, under the usual name', () => {
    const stack = withEndpoint();
    expect(blockOf(stack, 'aws_vpc_endpoint')).toMatchObject({
      service_name: expect.stringMatching(/^com\.amazonaws\.\$\{data\.aws_region\.\w+\.id\}\.secretsmanager$/),
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
      subnet_ids: subnetIds,
    });
    expect(blockOf(stack, 'aws_security_group', 'endpoint')).toMatchObject({
      ingress: [
        {
          from_port: 443,
          to_port: 443,
          protocol: 'tcp',
          cidr_blocks: expect.stringMatching(/^\$\{data\.aws_vpc\.\w+\.cidr_block_associations\[\*\]\.cidr_block\}$/),
        },
      ],
    });
  });

  it('is the only way out for the functions that use it, and exists before they rotate', () => {
    const stack = withEndpoint();
    const [first, ...others] = blocksOf(stack, 'aws_vpc_security_group_egress_rule');
    expect(others).toHaveLength(1);
    expect(first).toMatchObject({
      from_port: 443,
      referenced_security_group_id: expect.stringMatching(/^\$\{aws_security_group\.endpoint_\w+\.id\}$/),
    });
    expect(first).not.toHaveProperty('cidr_ipv4');
    for (const { depends_on } of blocksOf(stack, 'aws_secretsmanager_secret_rotation'))
      expect(depends_on).toContainEqual(expect.stringMatching(/^aws_vpc_endpoint\.endpoint_/));
  });

  it('refuses to have no subnets', () => {
    const error = refusal(() =>
      synthesize((stack) => void new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds: [] })),
    );
    expect(error).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringContaining('subnetIds is empty or not a list'),
    });
  });
});
