import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import {
  EphemeralVariable,
  OnRotated,
  RotatedSecret,
  Rotation,
  RotationAlarms,
  RotationFunction,
  Schedule,
  SecretsManagerEndpoint,
  StaticSecret,
} from '../../constructs/index.ts';
import { targetNames } from '../../rules/targets.ts';
import { rotationsOf } from './each-target/rotations-of.ts';

/** Synthesizes a stack that has each construct, each target, and each kind of token that they make. */
export async function synthesizeEverything(outdir: string): Promise<void> {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'everything');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  new ArchiveProvider(stack, 'archive');
  new LocalBackend(stack, { path: 'terraform.tfstate' });

  const schedule = Schedule.rate({ days: 30 });
  const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const first = new EphemeralVariable(stack, 'first', 'What opens it today').stringValue;
  const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
  const secretsManagerEndpoint = new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds });

  const own = new RotatedSecret(stack, 'own', {
    name: 'own/secret',
    kmsKeyArn,
    initial: { username: 'app', password: first, note: 'a "quote" and a \\ backslash' },
    rotation: Rotation.postgres({ strategy: 'single-user', network: { subnetIds, secretsManagerEndpoint } }),
    schedule,
    rotateImmediately: false,
    onRotated: [
      OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web' }),
      OnRotated.sns({ topicArn: 'arn:aws:sns:us-east-1:111122223333:rotated' }),
      OnRotated.sqs({ queueArn: 'arn:aws:sqs:us-east-1:111122223333:rotated' }),
      OnRotated.eventBus({ eventBusArn: 'arn:aws:events:us-east-1:111122223333:event-bus/team' }),
      OnRotated.webhook({
        connectionArn: 'arn:aws:events:us-east-1:111122223333:connection/hook/0123abcd-0123-4567-89ab-0123456789ab',
        url: 'https://example.com/rotated',
      }),
    ],
    functionOptions: {
      tracing: true,
      reservedConcurrentExecutions: 1,
      codeSigning: {
        configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0',
        profileName: 'team',
        bucketName: 'team-code',
      },
    },
  });
  own.grantRead('web');
  new TerraformOutput(stack, 'secret_arn', { value: own.secretArn });

  const fleet = new RotationFunction(stack, 'fleet', {
    functionName: 'rotate-fleet',
    rotation: Rotation.password(),
    secretNamePrefix: 'fleet/',
    kmsKeyArns: [kmsKeyArn],
  });
  new RotatedSecret(stack, 'shared', { name: 'fleet/one', rotation: fleet, schedule });
  RotatedSecret.existing(stack, 'existing', {
    secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/existing-AbCdEf',
    rotation: Rotation.custom({ entry: 'examples/custom-strategy/api-key.ts', generatedFields: ['key'] }),
    schedule,
  });
  for (const target of targetNames) {
    for (const [index, rotation] of (await rotationsOf(target)).entries()) {
      const name = `${target}/${index}`;
      new RotatedSecret(stack, name, { name, rotation, refreshEveryMinutes: 30, schedule });
    }
  }
  new StaticSecret(stack, 'static', { name: 'app/static', initial: first });

  const west = new AwsProvider(stack, 'west', { alias: 'west', region: 'us-west-2' });
  const shared = new RotatedSecret(stack, 'west_secret', {
    ...{ name: 'app/west', rotation: Rotation.password(), schedule, provider: west },
    kmsKeyArn: kmsKeyArn.replace('us-east-1', 'us-west-2'),
    replicas: [{ region: 'eu-west-1', kmsKeyArn: kmsKeyArn.replace('us-east-1', 'eu-west-1') }],
    resourcePolicy:
      '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:DeleteSecret","Resource":"*"}]}',
  });
  shared.grantRead('arn:aws:iam::444455556666:role/reader');
  new RotationAlarms(stack, 'alarms', { email: 'team@example.com' });
  new RotationAlarms(stack, 'west_alarms', { email: 'team@example.com', provider: west });
  app.synth();
}
