// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { describe, expect, it } from 'vitest';
import {
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  RotationFunction,
  Schedule,
} from '../../constructs/index.ts';
import { runningAccount } from '../local/secrets-manager/running-account.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const props: RotatedSecretProps = {
  name: 'app/token',
  rotation: Rotation.password(),
  schedule: Schedule.rate({ hours: 4 }),
  refreshEveryMinutes: 30,
};

describe('A refresh every 30 minutes', () => {
  const stack = synthesize((scope) => new RotatedSecret(scope, 'token', props));

  it('calls RotateSecret with a new token in each execution, and the same token in all its attempts', () => {
    const { target } = blockOf(stack, 'aws_scheduler_schedule');
    const { input, arn, retry_policy } = Object(target);
    expect(JSON.parse(input)).toEqual({
      SecretId: expect.stringMatching(/^\$\{aws_secretsmanager_secret\.\w+\.arn\}$/),
      ClientRequestToken: 'rotaform-refresh-<aws.scheduler.execution-id>',
    });
    expect(arn).toMatch(
      /^arn:\$\{data\.aws_partition\.\w+\.partition\}:scheduler:::aws-sdk:secretsmanager:rotateSecret$/,
    );
    expect(retry_policy).toEqual({ maximum_event_age_in_seconds: 1_800, maximum_retry_attempts: 10 });
  });

  it('has a role that may rotate this secret with its function', () => {
    const { statement } = blockOf(stack, 'aws_iam_policy_document', 'refresh_permissions');
    expect(statement).toEqual([
      {
        sid: 'RotateTheSecret',
        actions: ['secretsmanager:RotateSecret'],
        resources: [expect.stringMatching(/^\$\{aws_secretsmanager_secret\.\w+\.arn\}$/)],
      },
      {
        sid: 'InvokeItsFunction',
        actions: ['lambda:InvokeFunction'],
        resources: [expect.stringMatching(/^\$\{aws_lambda_function\.\w+\.arn\}$/)],
      },
    ]);
  });

  it('under a customer key has a role that may decrypt only this schedule', () => {
    const refreshKmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const stack = synthesize((scope) => new RotatedSecret(scope, 'token', { ...props, refreshKmsKeyArn }));
    const { name } = blockOf(stack, 'aws_scheduler_schedule');
    const variable = 'kms:EncryptionContext:aws:scheduler:schedule:arn';
    const values = [expect.stringMatching(`^arn:.*:scheduler:.*:schedule/default/${name}$`)];
    expect(blockOf(stack, 'aws_iam_policy_document', 'refresh_permissions')).toHaveProperty('statement.2', {
      sid: 'ReadTheSchedule',
      actions: ['kms:Decrypt'],
      resources: [refreshKmsKeyArn],
      condition: [{ test: 'ArnEquals', variable, values }],
    });
  });

  it("has a role that the scheduler can use only for this account's schedules", () => {
    const { statement } = blockOf(stack, 'aws_iam_policy_document', 'refresh_trust');
    expect(statement).toMatchObject([
      {
        principals: [{ type: 'Service', identifiers: ['scheduler.amazonaws.com'] }],
        condition: [{ variable: 'aws:SourceAccount' }, { variable: 'aws:SourceArn' }],
      },
    ]);
  });

  it.each([14, 241, 30.5])('accepts 15 to 240 minutes, not %d', (refreshEveryMinutes) => {
    const declare = () => synthesize((scope) => new RotatedSecret(scope, 'token', { ...props, refreshEveryMinutes }));
    expect(refusal(declare)).toMatchObject({ code: 'SCHEDULE', message: expect.stringMatching(/Expected 15 to 240/) });
  });

  it('is refused for a function that several secrets share', () => {
    const declare = () =>
      synthesize((scope) => {
        const rotation = new RotationFunction(scope, 'fleet', {
          functionName: 'rotate-fleet',
          rotation: Rotation.password(),
          secretNamePrefix: 'app/',
        });
        return new RotatedSecret(scope, 'token', { ...props, rotation });
      });
    expect(refusal(declare).message).toMatch(/refreshEveryMinutes and a shared function/);
  });

  it('rotates in time once it is deployed, so that Secrets Manager has nothing to do', async () => {
    const { aws } = await runningAccount();
    const started: string[] = [];
    aws.account.events.on('rotationStarted', ({ versionId }) => started.push(versionId));
    await deployStack(aws.account, (scope) => new RotatedSecret(scope, 'token', props));
    await aws.rotationSettled('app/token');
    await aws.account.clock.advance({ hours: 6 });
    await aws.rotationSettled('app/token');
    const [first, ...refreshes] = started;
    expect(first).toMatch(/^terraform-/);
    expect(refreshes).toHaveLength(12);
    expect(new Set(refreshes).size).toBe(12);
    for (const versionId of refreshes) expect(versionId).toMatch(/^rotaform-refresh-\w{16}$/);
  });
});
