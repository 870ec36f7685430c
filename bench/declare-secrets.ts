/** The program that `synth.ts` measures: a stack with so many secrets, or with none and cdktf alone. Prints its peak memory in kB. */
import { App, TerraformStack } from 'cdktf';

const count = Number(process.argv[2]);
const app = new App();
const stack = new TerraformStack(app, 'bench');
if (count > 0) {
  const [{ AwsProvider }, { ArchiveProvider }, { RotatedSecret, Rotation, Schedule }] = await Promise.all([
    import('@cdktf/provider-aws/lib/provider/index.js'),
    import('@cdktf/provider-archive/lib/provider/index.js'),
    import('../constructs/index.ts'),
  ]);
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  new ArchiveProvider(stack, 'archive');
  for (let index = 0; index < count; index += 1) {
    new RotatedSecret(stack, `password-${index}`, {
      name: `bench/password/number-${index}`,
      initial: { username: 'app' },
      rotation: Rotation.password(),
      schedule: Schedule.rate({ days: 30 }),
    });
  }
}
app.synth();
console.log(process.resourceUsage().maxRSS);
