import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { TerraformStack } from 'cdktf';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { rotatePassword } from '../../harness/rotate-password.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import type { LocalAws } from '../../local/local-aws.ts';
import { runningAccount } from '../local/secrets-manager/running-account.ts';

const OLD = 'my-app/db';
const NEW = 'my-app/database';
/** What the old secret has today. */
const TODAY = { TF_VAR_password_of_today: 'of-today' };

function declared(...names: readonly string[]) {
  return (stack: TerraformStack) => {
    const today = new EphemeralVariable(stack, 'password_of_today', 'The password of today');
    for (const name of names)
      new RotatedSecret(stack, name.slice('my-app/'.length), {
        name,
        initial: { username: 'app', password: today.stringValue },
        rotation: Rotation.password(),
        schedule: Schedule.rate({ days: 30 }),
        rotateImmediately: false,
      });
  };
}

const hcl = (...names: readonly string[]) => `
variable "password_of_today" {
  type      = string
  default   = null
  ephemeral = true
}

provider "aws" {
  region = "us-east-1"
}
${names
  .map(
    (name) => `
module "${name.slice('my-app/'.length)}" {
  source              = "./rotaform/modules/password"
  name                = "${name}"
  initial             = { username = "app", password = var.password_of_today }
  initial_is_required = true
  schedule            = { rate_days = 30 }
  rotate_immediately  = false
}
`,
  )
  .join('')}`;

/** A folder in one of the languages, and how it declares other secrets. */
const LANGUAGES = {
  TypeScript({ environment }: LocalAws) {
    const folder = new StackFolder(environment, declared(OLD));
    return { folder, declare: async (...names: readonly string[]) => folder.declare(declared(...names)) };
  },
  HCL({ environment }: LocalAws) {
    const folder = new ModuleFolder(environment, hcl(OLD));
    const declare = async (...names: readonly string[]) => {
      folder.write('main.tf', hcl(...names));
      await folder.init();
    };
    return { folder, declare };
  },
};

describe.skipIf(!hasTerraform)(
  `a secret that is renamed without an interruption${missingTerraform}`,
  {
    timeout: 600_000,
  },
  () => {
    it.each(['TypeScript', 'HCL'] as const)(
      'has the value of the old one, which goes once its readers have moved: docs/rename.md, in %s',
      async (language) => {
        const { aws, client } = await runningAccount({ rotation: { attempts: 1 } });
        const { folder, declare } = LANGUAGES[language](aws);
        onTestFinished(() => folder.remove());
        const read = async (SecretId: string) => {
          const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
          return JSON.parse(SecretString).password;
        };
        await declare(OLD);
        await folder.succeed(['apply', '-auto-approve'], TODAY);
        expect(await read(OLD)).toBe('of-today');

        // 1. A second secret, with the same value.
        await declare(OLD, NEW);
        await folder.succeed(['apply', '-auto-approve'], TODAY);
        expect([await read(OLD), await read(NEW)]).toEqual(['of-today', 'of-today']);

        // 2. The readers move. 3. The old declaration goes.
        await declare(NEW);
        await folder.apply();
        expect(aws.account.secrets.find(OLD)?.deletion).toBeDefined();
        expect(await read(NEW)).toBe('of-today');
        expect(await folder.plan()).toEqual([]);
        expect(await rotatePassword(aws, NEW)).toBe('succeeded');
        expect(await read(NEW)).not.toBe('of-today');
      },
    );
  },
);
