import { TerraformFolder } from '../__tests__/terraform/terraform-folder.ts';
import { RotatedSecret, Rotation, Schedule } from '../constructs/index.ts';
import { localAws } from '../local/local-aws.ts';

/** Seconds of apply, plan and destroy of so many secrets, each with a function of its own; and the calls that they make. */
export async function timedTerraform(secrets: number): Promise<Record<string, number>> {
  const aws = await localAws();
  const terraform = new TerraformFolder(aws.environment, (stack) => {
    for (let index = 0; index < secrets; index += 1) {
      new RotatedSecret(stack, `password-${index}`, {
        name: `bench/password/number-${index}`,
        initial: { username: 'app' },
        rotation: Rotation.password(),
        schedule: Schedule.rate({ days: 30 }),
      });
    }
  });
  try {
    const { resource } = Object(terraform.stackJson);
    const apply = await seconds(() => terraform.apply());
    const plan = await seconds(() => terraform.plan());
    const destroy = await seconds(() => terraform.destroy());
    const resources = Object.values(resource).flatMap((named) => Object.keys(Object(named))).length;
    return { secrets, resources, 'apply, s': apply, 'plan, s': plan, 'destroy, s': destroy };
  } finally {
    terraform.remove();
    await aws.close();
  }
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return Math.round((performance.now() - started) / 100) / 10;
}
