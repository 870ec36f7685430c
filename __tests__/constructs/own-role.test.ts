import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Fn, TerraformOutput, type TerraformStack } from 'cdktf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Network, RotatedSecret, Rotation, RotationFunction, Schedule } from '../../constructs/index.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { startInProcess } from '../../testing/in-process-function.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blocksOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const NAME = 'app/db';
const schedule = Schedule.rate({ days: 30 });
const rotation = Rotation.password();

/** A role that somebody else declares. */
function ownRole(stack: TerraformStack): IamRole {
  const principals = [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }];
  const { json } = new DataAwsIamPolicyDocument(stack, 'trust', {
    statement: [{ actions: ['sts:AssumeRole'], principals }],
  });
  return new IamRole(stack, 'own', { name: 'team-rotation', assumeRolePolicy: json });
}

function declare(policy: (needed: string) => string, network?: Network) {
  return (stack: TerraformStack) => {
    const role = ownRole(stack);
    const functionOptions = { roleArn: role.arn, ...(network && { network }) };
    const secret = new RotatedSecret(stack, 'db', { name: NAME, rotation, schedule, functionOptions });
    const { neededPolicy } = secret.rotationFunction;
    const attached = new IamRolePolicy(stack, 'attached', { role: role.name, policy: policy(neededPolicy) });
    secret.rotation.node.addDependency(attached);
    new TerraformOutput(stack, 'needed', { value: neededPolicy });
  };
}

describe('A custom role', () => {
  let aws: LocalAws;
  beforeEach(async () => {
    aws = await localAws({ rotation: { attempts: 1 }, startFunction: startInProcess });
  });
  afterEach(() => aws.close());

  it('rotates with the policy that the function says it needs, by the rules of the local AWS', async () => {
    const { outputs } = await deployStack(
      aws.account,
      declare((needed) => needed),
    );
    expect(await aws.rotationSettled(NAME)).toBe('succeeded');
    expect(aws.account.roles.all().map(({ RoleName }) => RoleName)).toEqual(['team-rotation']);
    const { Statement } = JSON.parse(String(outputs.needed));
    expect(Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['RotateTheSecret', 'WriteTheLog']);
  });

  it('is refused what its policy lacks, and the error says what', async () => {
    const failed = new Promise<string>((resolve) => {
      aws.account.events.on('rotationFailed', ({ failure }) => resolve(failure.errorMessage));
    });
    const without = (needed: string) =>
      Fn.replace(needed, 'secretsmanager:PutSecretValue', 'secretsmanager:TagResource');
    await deployStack(aws.account, declare(without));
    expect(await aws.rotationSettled(NAME)).toBe('failed');
    expect(await failed).toContain('secretsmanager:PutSecretValue');
  });

  it('needs what connects the function to its network, too, and no role is made', () => {
    const stack = synthesize((scope) => {
      const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
      const functionOptions = { roleArn: 'arn:aws:iam::111122223333:role/team', network };
      new RotatedSecret(scope, 'db', { name: NAME, rotation, schedule, functionOptions });
    });
    expect(stack.resource.aws_iam_role).toBeUndefined();
    expect(stack.resource.aws_iam_role_policy).toBeUndefined();
    const [{ statement } = { statement: [] }] = blocksOf(stack, 'aws_iam_policy_document', 'permissions');
    expect((statement as { sid: string }[]).map(({ sid }) => sid)).toEqual([
      ...['RotateTheSecret', 'WriteTheLog', 'ConnectTheFunction', 'SeeTheNetwork', 'KeepTheNetworkFromTheCode'],
    ]);
  });

  it('may have the policy of a fleet before there is a function', () => {
    const stack = synthesize((scope) => {
      const roleArn = 'arn:aws:iam::111122223333:role/team';
      new RotationFunction(scope, 'fleet', { functionName: 'fleet', rotation, secretNamePrefix: 'app/', roleArn });
    });
    expect(JSON.stringify(stack.data)).not.toContain('aws_lambda_function');
    expect(JSON.stringify(stack.data)).toContain(':function:fleet');
  });

  it.each(['team-rotation', 'arn:aws:iam::111122223333:user/team', ''])('is not named "%s"', (roleArn) => {
    const error = refusal(() =>
      synthesize(
        (stack) => new RotatedSecret(stack, 'db', { name: NAME, rotation, schedule, functionOptions: { roleArn } }),
      ),
    );
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toBe(`roleArn is "${roleArn}". Expected the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME.`);
  });
});
