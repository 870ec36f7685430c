import { RotatedSecret, Rotation, RotationFunction, Schedule } from '../constructs/index.ts';
import { TerraformFolder } from '../harness/terraform-folder.ts';
import { localAws } from '../local/local-aws.ts';

/** Seconds of apply, plan and destroy of so many secrets, each with a function of its own, or all with the same one. */
export async function timedTerraform(secrets: number, functions: 'own' | 'shared'): Promise<Record<string, unknown>> {
  const aws = await localAws();
  const terraform = new TerraformFolder(aws.environment, (stack) => {
    const ofAll = () =>
      new RotationFunction(stack, 'fleet', {
        functionName: 'rotate-bench',
        rotation: Rotation.password(),
        secretNamePrefix: 'bench/',
      });
    const rotation = functions === 'shared' ? ofAll() : Rotation.password();
    for (let index = 0; index < secrets; index += 1) {
      new RotatedSecret(stack, `password-${index}`, {
        name: `bench/password/number-${index}`,
        initial: { username: 'app' },
        rotation,
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
    return { secrets, functions, resources, 'apply, s': apply, 'plan, s': plan, 'destroy, s': destroy };
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
