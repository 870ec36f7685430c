import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import type { AccountEvents } from '../../local/account-events.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { startInProcess } from '../../testing/in-process-function.ts';

const STACK = `
provider "aws" {
  region = "us-east-1"
}

module "login" {
  source     = "./rotaform/modules/password"
  name       = "my-app/login"
  schedule   = { rate_days = 30 }
  on_rotated = [{ ecs_service = { cluster_name = "apps", service_name = "web" } }]
}

module "tenants" {
  source   = "./rotaform/modules/password"
  function = { name = "rotate-tenants" }
  fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/one" = {}, "tenants/two" = {} } }
  schedule = { rate_days = 30 }
}

module "alarms" {
  source             = "./rotaform/modules/alarms"
  name               = "my-app"
  email              = "team@example.com"
  rotations          = { login = module.login, tenants = module.tenants }
  secret_name_prefix = "unused/"
}
`;

describe.skipIf(!hasTerraform)(
  `Alarms and followers that Terraform applied from HCL${missingTerraform}`,
  { timeout: 600_000 },
  () => {
    let aws: LocalAws;
    let terraform: ModuleFolder;
    const raised: string[] = [];
    const said: AccountEvents['notification'][0][] = [];
    const deployments: AccountEvents['deployment'][0][] = [];

    beforeAll(async () => {
      aws = await localAws({ startFunction: startInProcess, rotation: { attempts: 1 } });
      const { events } = aws.account;
      events.on('alarm', ({ name, state }) => state === 'ALARM' && raised.push(name));
      events.on('notification', (message) => said.push(message));
      events.on('deployment', (deployment) => deployments.push(deployment));
      terraform = new ModuleFolder(aws.environment, STACK);
      await terraform.init();
      await terraform.apply();
      for (const name of ['my-app/login', 'tenants/one', 'tenants/two']) await aws.rotationSettled(name);
    }, 600_000);
    afterAll(async () => {
      terraform?.remove();
      await aws?.close();
    });

    it('restart the service once a rotation, and not for the first version', async () => {
      // The first rotation was at once, the first version before it.
      expect(deployments).toEqual([{ cluster: 'apps', service: 'web' }]);
      await aws.account.clock.advance({ days: 31 });
      expect(deployments).toHaveLength(2);
    });

    it('find the prefix that no secret has, and no secret that rotates', () => {
      expect(raised).toEqual(['my-app-not-rotating']);
      expect(aws.account.functions.find('my-app-overdue')?.log.join()).toContain(
        '"findings":{"unused/*":["NOT_FOUND"]}',
      );
      expect(said[0]).toMatchObject({ recipients: ['team@example.com'] });
    });

    it('tell of a rotation that fails, by the alarm and by the trail, and restart nothing', async () => {
      raised.length = 0;
      said.length = 0;
      deployments.length = 0;
      aws.faults.add({ action: 'PutSecretValue', kind: 'fail-before', times: Number.POSITIVE_INFINITY });
      await aws.account.clock.advance({ days: 31 });
      const [ofLogin, ofTenants] = ['my-app-rotate-my-app-login', 'my-app-rotate-tenants'];
      expect(raised.filter((name) => name.startsWith(`${ofLogin}-`))).toHaveLength(1);
      expect(raised).toContain(`${ofTenants}-errors`);
      expect(said.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^RotationFailed: \S+:secret:my-app\/login-\w{6}, at .* docs\/errors\.md \.$/),
      );
      expect(deployments).toEqual([]);
      aws.faults.clear();
    });

    it('have nothing to change afterwards', async () => {
      expect(await terraform.plan()).toEqual([]);
    });
  },
);
