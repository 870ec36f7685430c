import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { type Gate, openGate } from './gate.ts';

const NAME = 'my-app/interrupted';

/** The first call of each resource that is made or removed; what follows belongs to the same resource. */
const BEGINS: Readonly<Record<'apply' | 'destroy', RegExp>> = {
  apply:
    /^(CreateLogGroup|CreateSecret|PutSecretValue|CreateRole|PutRolePolicy|RotateSecret|POST (functions|policy))\/?$/,
  destroy:
    /^(DeleteLogGroup|DeleteSecret|UpdateSecretVersionStage|DeleteRole|DeleteRolePolicy|CancelRotateSecret|DELETE .+)$/,
};

type Environment = Readonly<Record<string, string>>;

/** One secret with its rotation, in either language. */
const SIDES = {
  'of the constructs': async (environment: Environment) =>
    new StackFolder(environment, (stack) => {
      new RotatedSecret(stack, 'db', {
        name: NAME,
        initial: { username: 'app' },
        rotation: Rotation.password(),
        schedule: Schedule.rate({ days: 30 }),
        recoveryWindowDays: 0,
      });
    }),
  'of the module': async (environment: Environment) => {
    const folder = new ModuleFolder(
      environment,
      `
provider "aws" {}

module "db" {
  source               = "./rotaform/modules/password"
  name                 = "${NAME}"
  initial              = { username = "app" }
  schedule             = { rate_days = 30 }
  recovery_window_days = 0
}
`,
    );
    await folder.init();
    return folder;
  },
};

describe.skipIf(!hasTerraform).each(Object.entries(SIDES))(
  `Terraform that is killed, %s${missingTerraform}`,
  {
    timeout: 900_000,
  },
  (side, folderOf) => {
    let aws: LocalAws;
    let gate: Gate;
    let terraform: StackFolder | ModuleFolder;
    /** The calls that the gate counts. */
    let counted = BEGINS.apply;

    beforeAll(async () => {
      aws = await localAws();
      gate = await openGate(aws.endpoint, (action) => counted.test(action));
      terraform = await folderOf({ ...aws.environment, AWS_ENDPOINT_URL: gate.endpoint });
    }, 600_000);

    afterAll(async () => {
      terraform?.remove();
      await gate?.close();
      await aws?.close();
    });

    /** Runs the command until it ends by itself; each run gets one resource further, and is killed as the next one begins. */
    async function killedAtEachResource(of: 'apply' | 'destroy'): Promise<number> {
      counted = BEGINS[of];
      for (let kills = 0; ; kills += 1) {
        const run = terraform.run([of, '-auto-approve', '-parallelism=1']);
        gate.shutAfter(1, () => run.kill());
        const { exitCode, output } = await run.ended;
        if (exitCode === null) continue;
        expect(exitCode, output).toBe(0);
        return kills;
      }
    }

    it('between any two resources of an apply succeeds when it is run again', async () => {
      expect(await killedAtEachResource('apply')).toBe(7);
      expect(gate.passed).toHaveLength(8);
      expect(await aws.rotationSettled(NAME)).toBe('succeeded');
      gate.shutAfter(Number.POSITIVE_INFINITY, () => {});
      expect(await terraform.plan()).toEqual([]);
      const { functions, roles, logGroups, secrets } = aws.account;
      expect([functions, roles, logGroups, secrets].map((store) => store.all().length)).toEqual([1, 1, 1, 1]);
    });

    it('between any two resources of a destroy succeeds when it is run again', async () => {
      expect(await killedAtEachResource('destroy')).toBeGreaterThanOrEqual(7);
      const { functions, roles, logGroups, secrets } = aws.account;
      expect([functions, roles, logGroups, secrets].map((store) => store.all().length)).toEqual([0, 0, 0, 0]);
    });

    // What Terraform itself does, whoever wrote the configuration: tried once.
    if (side !== 'of the module') {
      it('within a resource leaves one that Terraform does not know until it is imported', async () => {
        const logGroup = (terraform as StackFolder).addressOf('aws_cloudwatch_log_group');
        const target = `-target=${logGroup}`;
        counted = /^(CreateLogGroup|PutRetentionPolicy)$/;
        const killed = terraform.run(['apply', '-auto-approve', target]);
        gate.shutAfter(1, () => killed.kill());
        expect((await killed.ended).exitCode).toBeNull();
        gate.shutAfter(Number.POSITIVE_INFINITY, () => {});

        const again = await terraform.run(['apply', '-auto-approve', target]).ended;
        expect(again.exitCode).toBe(1);
        expect(again.output).toContain('ResourceAlreadyExistsException');
        const [{ logGroupName } = { logGroupName: '' }] = aws.account.logGroups.all();
        const imported = await terraform.run(['import', logGroup, logGroupName]).ended;
        expect(imported.exitCode, imported.output).toBe(0);
        await terraform.apply(target);
        expect(aws.account.logGroups.find(logGroupName)?.retentionInDays).toBe(365);
      });
    }
  },
);
