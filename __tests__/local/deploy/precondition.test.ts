// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { CreateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { deploy } from '../../../local/deploy/deploy.ts';
import { PRINTING, rotationFunction, runningAccount } from '../secrets-manager/running-account.ts';

/** A log group that is made only where the condition holds. */
function guarded(precondition: unknown, data: object = {}) {
  return {
    variable: { colour: { type: 'string', default: 'green' } },
    data,
    resource: { aws_cloudwatch_log_group: { guarded: { name: 'guarded', lifecycle: { precondition } } } },
    output: { name: { value: '${aws_cloudwatch_log_group.guarded.name}' } },
  };
}

function demand(condition: unknown, error_message = 'The colour is ${var.colour}.') {
  return [{ condition, error_message }];
}

async function deployed(stack: unknown) {
  const { aws } = await runningAccount();
  return deploy(stack, aws.account, { folder: '.' });
}

describe('a precondition', () => {
  it('lets pass what holds', async () => {
    const stack = guarded(demand('${contains(["green"], var.colour)}'));
    expect(await deployed(stack)).toEqual({ outputs: { name: 'guarded' } });
  });

  it("stops the deploy with the stack's own message where it does not hold", async () => {
    await expect(deployed(guarded(demand('${contains(["red"], var.colour)}')))).rejects.toMatchObject({
      code: 'PRECONDITION',
      message: 'aws_cloudwatch_log_group.guarded: The colour is green.',
    });
  });

  it('is one of several that all have to hold', async () => {
    const stack = guarded([...demand(true), ...demand(false)]);
    await expect(deployed(stack)).rejects.toMatchObject({ code: 'PRECONDITION' });
  });

  it('may refer to what is made for it first', async () => {
    const ask = (account: string) =>
      guarded(demand(`\${contains(["${account}"], data.aws_caller_identity.me.account_id)}`), {
        aws_caller_identity: { me: {} },
      });
    await expect(deployed(ask('123456789012'))).resolves.toBeDefined();
    await expect(deployed(ask('111122223333'))).rejects.toMatchObject({ code: 'PRECONDITION' });
  });

  it.each([
    [
      'names nothing',
      demand('${contains([], var.color)}'),
      'REFERENCE',
      'aws_cloudwatch_log_group.guarded.precondition',
    ],
    ['is no expression that is known', demand('${var.colour == "green"}'), 'UNSUPPORTED', 'the operator "=="'],
    ['lacks its message', [{ condition: true, message: 'x' }], 'UNSUPPORTED', 'guarded.lifecycle'],
    ['waits for what waits for it', demand('${aws_cloudwatch_log_group.guarded.name}'), 'CYCLE', 'guarded'],
  ])('is refused where it %s', async (_where, precondition, code, message) => {
    await expect(deployed(guarded(precondition))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('the data source of a rotation', () => {
  const stack = {
    data: { aws_secretsmanager_secret_rotation: { today: { secret_id: 's' } } },
    output: { today: { value: '${data.aws_secretsmanager_secret_rotation.today}' } },
  };

  it('tells what the AWS provider tells of a secret that does not rotate', async () => {
    const { aws, client } = await runningAccount();
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 's' }));
    const { outputs } = await deploy(stack, aws.account, { folder: '.' });
    // As Terraform 1.11.4 with AWS provider 5.100.0 answered for the same secret.
    expect(outputs.today).toMatchObject({ id: ARN, rotation_enabled: false, rotation_lambda_arn: '' });
  });

  it('tells which function rotates the secret', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'opened once' }));
    const RotationLambdaARN = await rotationFunction(running, PRINTING);
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN, RotationRules }));
    const { outputs } = await deploy(stack, aws.account, { folder: '.' });
    expect(outputs.today).toMatchObject({ rotation_enabled: true, rotation_lambda_arn: RotationLambdaARN });
  });

  it('is refused where there is no such secret', async () => {
    await expect(deployed(stack)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('ResourceNotFoundException'),
    });
  });
});
