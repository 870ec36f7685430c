import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

const app = new App();
const stack = new TerraformStack(app, 'my-app');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');
// The state stays next to this file. A team keeps it in S3: new S3Backend(stack, { bucket, key, region })
new LocalBackend(stack, { path: '../../../terraform.my-app.tfstate' });

const password = new RotatedSecret(stack, 'password', {
  name: 'my-app/custom-password',
  initial: { username: 'user1' },
  rotation: Rotation.password(),
  schedule: Schedule.rate({ days: 30 }),
});
new TerraformOutput(stack, 'secret_arn', { value: password.secretArn });

// What comes next: uncomment, and run npm start again.
//
// A key that is the whole secret, and changes on weekdays at eight (docs/password.md, docs/schedule.md):
// new RotatedSecret(stack, 'signing-key', {
//   name: 'my-app/signing-key',
//   rotation: Rotation.password({ format: 'text', length: 64 }),
//   schedule: Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 }),
// });
//
// A strategy of your own: docs/custom-strategy.md.

app.synth();
