import { RotatedSecret, Rotation, RotationAlarms, RotationFunction, Schedule } from '../constructs/index.ts';
import { ModuleFolder } from '../harness/module-folder.ts';
import { STATE_FILE } from '../harness/terraform-cli.ts';
import { StackFolder } from '../harness/terraform-folder.ts';
import { localAws } from '../local/local-aws.ts';

type Functions = 'own' | 'shared';
type Environment = Readonly<Record<string, string>>;

const SIDES = {
  constructs: (environment: Environment, names: readonly string[], functions: Functions) =>
    new StackFolder(environment, (stack) => {
      // The module has no alarms.
      RotationAlarms.elsewhere(stack);
      const ofAll = () =>
        new RotationFunction(stack, 'fleet', {
          functionName: 'rotate-bench',
          rotation: Rotation.password(),
          secretNamePrefix: 'bench/',
        });
      const rotation = functions === 'shared' ? ofAll() : Rotation.password();
      for (const name of names) {
        new RotatedSecret(stack, name.replaceAll('/', '-'), {
          name,
          initial: { username: 'app' },
          rotation,
          schedule: Schedule.rate({ days: 30 }),
        });
      }
    }),
  async module(environment: Environment, names: readonly string[], functions: Functions) {
    const each =
      functions === 'own' ? `for_each = toset(local.names)\n  name = each.key\n  initial = { username = "app" }` : '';
    const fleet = `function = { name = "rotate-bench" }\n  fleet = { secret_name_prefix = "bench/", secrets = { for name in local.names : name => {} } }\n  initial = { for name in local.names : name => { username = "app" } }`;
    const folder = new ModuleFolder(
      environment,
      `
provider "aws" {}

locals {
  names = ${JSON.stringify(names)}
}

module "bench" {
  source   = "./rotaform/modules/password"
  schedule = { rate_days = 30 }
  ${functions === 'own' ? each : fleet}
}
`,
    );
    await folder.init();
    return folder;
  },
};

/** Seconds of apply, plan and destroy of so many secrets, each with a function of its own, or all with the same one. */
export async function timedTerraform(
  side: keyof typeof SIDES,
  secrets: number,
  functions: Functions,
): Promise<Record<string, unknown>> {
  const aws = await localAws();
  const names = Array.from({ length: secrets }, (_, index) => `bench/password/number-${index}`);
  const terraform = await SIDES[side](aws.environment, names, functions);
  try {
    const apply = await seconds(() => terraform.apply());
    const plan = await seconds(() => terraform.plan());
    const { resources } = JSON.parse(terraform.read(STATE_FILE)) as { resources: { mode: string; instances: [] }[] };
    const managed = resources.filter(({ mode }) => mode === 'managed');
    const count = managed.reduce((sum, { instances }) => sum + instances.length, 0);
    const destroy = await seconds(() => terraform.destroy());
    return { side, secrets, functions, resources: count, 'apply, s': apply, 'plan, s': plan, 'destroy, s': destroy };
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
