// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { CreateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { deploy } from '../../../local/deploy/deploy.ts';
import { PRINTING, rotationFunction, runningAccount } from '../secrets-manager/running-account.ts';

/** A log group that is created only if the condition holds. */
function guarded(precondition: unknown, data: object = {}) {
  return {
    variable: { color: { type: 'string', default: 'green' } },
    data,
    resource: { aws_cloudwatch_log_group: { guarded: { name: 'guarded', lifecycle: { precondition } } } },
    output: { name: { value: '${aws_cloudwatch_log_group.guarded.name}' } },
  };
}

function demand(condition: unknown, error_message = 'The color is ${var.color}.') {
  return [{ condition, error_message }];
}

async function deployed(stack: unknown) {
  const { aws } = await runningAccount();
  return deploy(stack, aws.account, { folder: '.' });
}

describe('a precondition', () => {
  it('lets the deploy continue if it holds', async () => {
    const stack = guarded(demand('${contains(["green"], var.color)}'));
    expect(await deployed(stack)).toEqual({ outputs: { name: 'guarded' } });
  });

  it("stops the deploy with the stack's own message if it does not hold", async () => {
    await expect(deployed(guarded(demand('${contains(["red"], var.color)}')))).rejects.toMatchObject({
      code: 'PRECONDITION',
      message: 'aws_cloudwatch_log_group.guarded: The color is green.',
    });
  });

  it('must hold together with all the others', async () => {
    const stack = guarded([...demand(true), ...demand(false)]);
    await expect(deployed(stack)).rejects.toMatchObject({ code: 'PRECONDITION' });
  });

  it('may refer to a resource, which is then created first', async () => {
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
      demand('${contains([], var.shade)}'),
      'REFERENCE',
      'aws_cloudwatch_log_group.guarded.precondition',
    ],
    ['is not a known expression', demand('${var.color == "green"}'), 'UNSUPPORTED', 'the operator "=="'],
    ['lacks its message', [{ condition: true, message: 'x' }], 'UNSUPPORTED', 'guarded.lifecycle'],
    ['refers to its own resource', demand('${aws_cloudwatch_log_group.guarded.name}'), 'CYCLE', 'guarded'],
  ])('is refused if it %s', async (_where, precondition, code, message) => {
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

  it('says the same as the AWS provider about a secret that does not rotate', async () => {
    const { aws, client } = await runningAccount();
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 's' }));
    const { outputs } = await deploy(stack, aws.account, { folder: '.' });
    // The answer of Terraform 1.11.4 with AWS provider 5.100.0 for the same secret.
    expect(outputs.today).toMatchObject({ id: ARN, rotation_enabled: false, rotation_lambda_arn: '' });
  });

  it('says which function rotates the secret', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'opened once' }));
    const RotationLambdaARN = await rotationFunction(running, PRINTING);
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN, RotationRules }));
    const { outputs } = await deploy(stack, aws.account, { folder: '.' });
    expect(outputs.today).toMatchObject({ rotation_enabled: true, rotation_lambda_arn: RotationLambdaARN });
  });

  it('is refused if there is no such secret', async () => {
    await expect(deployed(stack)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('ResourceNotFoundException'),
    });
  });
});
