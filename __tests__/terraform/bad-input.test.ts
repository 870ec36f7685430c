import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule, StaticSecret } from '../../constructs/index.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { addPermission } from '../../local/lambda/add-permission.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { firstRefusal } from './first-refusal.ts';

const NAME = 'my-app/incomplete';

describe.skipIf(!hasTerraform)(`a stack that lacks something${missingTerraform}`, { timeout: 600_000 }, () => {
  let aws: LocalAws;
  let terraform: StackFolder;

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    terraform = new StackFolder(aws.environment, (stack) => {
      new RotatedSecret(stack, 'db', {
        name: NAME,
        initial: { username: 'app' },
        rotation: Rotation.password(),
        schedule: Schedule.rate({ days: 30 }),
      });
    });
  }, 600_000);

  afterAll(async () => {
    terraform?.remove();
    await aws?.close();
  });

  /** Edits the stack behind the constructs' back. */
  function edit(change: (stack: StackJson) => void): void {
    const stack: StackJson = JSON.parse(terraform.read('cdk.tf.json'));
    change(stack);
    terraform.write('cdk.tf.json', JSON.stringify(stack));
  }

  it('is refused by a version of Terraform that is too old', async () => {
    const whole = terraform.read('cdk.tf.json');
    edit(({ terraform: settings }) => {
      expect(settings.required_version).toBe('>= 1.11.0');
      // This Terraform is not too old: it is so for the opposite.
      settings.required_version = '< 1.11.0';
    });
    const { exitCode, output } = await terraform.run(['plan']).ended;
    terraform.write('cdk.tf.json', whole);
    expect(exitCode).toBe(1);
    expect(output).toContain('Unsupported Terraform Core version');
    expect(output).toContain(terraformCli().version);
  });

  it('gets AWS\u2019s own error if the permission to invoke is missing, and succeeds once it exists', async () => {
    edit(({ resource, data }) => {
      delete resource.aws_lambda_permission;
      for (const rotation of Object.values(resource.aws_secretsmanager_secret_rotation ?? {}))
        delete rotation.depends_on;
      for (const { statement } of Object.values(data.aws_iam_policy_document ?? {})) {
        for (const each of statement as { actions: string[] }[]) {
          each.actions = each.actions.filter((action) => action !== 'secretsmanager:PutSecretValue');
        }
      }
    });
    const refused = firstRefusal(aws.account, 'RotateSecret');
    const applied = terraform.apply();
    expect(await refused).toBe(
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    );
    const [lambda] = aws.account.functions.all();
    addPermission(
      {
        FunctionName: lambda?.configuration.FunctionName ?? '',
        StatementId: 'by-hand',
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
      },
      aws.account,
    );
    const failed = once(aws.account.events, 'rotationFailed');
    await applied;
    const [{ step, failure }] = await failed;
    expect({ step, text: failure.errorMessage }).toEqual({
      step: 'createSecret',
      text: expect.stringContaining('secretsmanager:PutSecretValue'),
    });
  });

  it('makes no secret until its first value is given', async () => {
    const waiting = new StackFolder(aws.environment, (stack) => {
      const key = new EphemeralVariable(stack, 'key', 'Of the service');
      new StaticSecret(stack, 'whole', { name: 'my-app/whole', initial: key.stringValue, recoveryWindowDays: 0 });
      const initial = { key: key.stringValue };
      new StaticSecret(stack, 'field', { name: 'my-app/field', initial, recoveryWindowDays: 0 });
    });
    const secrets = () => ['my-app/whole', 'my-app/field'].map((name) => aws.account.secrets.find(name));
    for (const args of [['apply', '-auto-approve'], ['plan']]) {
      const { exitCode, output } = await waiting.run(args).ended;
      expect(exitCode, output).toBe(1);
      expect(output).toMatch(/Set\s+TF_VAR_key for this plan and apply/);
      expect(secrets()).toEqual([undefined, undefined]);
    }
    waiting.remove();
  });
});

interface StackJson {
  readonly terraform: { required_version: string };
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data: Record<string, Record<string, Record<string, unknown>>>;
}
