import { randomUUID } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotatePassword } from '../../harness/rotate-password.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { builtModule } from './built-module.ts';

const FIRST = `first-${randomUUID()}`;

const stack = (name: string, tenants: readonly string[]) => `
variable "first_password" {
  type      = string
  default   = null
  ephemeral = true
}

provider "aws" {
  region = "us-east-1"
}

module "db" {
  source              = "./rotaform/modules/password"
  name                = "${name}"
  initial             = { username = "app", password = var.first_password }
  schedule            = { rate_days = 30 }
}

module "tenants" {
  source   = "./rotaform/modules/password"
  fleet    = { secret_name_prefix = "tenants/", secrets = { ${tenants.map((each) => `"tenants/${each}" = {}`).join(', ')} } }
  function = { name = "rotate-tenants" }
  initial  = { "tenants/one" = { username = "one" } }
  schedule = { rate_days = 30 }
}

output "secret_arn" {
  value = module.db.secret_arn
}
`;

describe.skipIf(!hasTerraform)(`The module in an account${missingTerraform}`, { timeout: 900_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-module-lifetime-'));
  const said: string[] = [];
  let aws: LocalAws;

  const write = (name: string, tenants: readonly string[]) =>
    writeFileSync(path.join(folder, 'main.tf'), stack(name, tenants));
  async function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { exitCode, output } = await terraform(args, variables);
    said.push(output);
    if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')}:\n${output}`);
    return output;
  }
  const terraform = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    runTerraform(folder, args, {
      ...aws.environment,
      ...variables,
      TF_DATA_DIR: path.join(folder, '.terraform'),
    }).ended;
  const live = (name: string): Record<string, string> => {
    const secret = aws.account.secrets.find(name);
    const id = secret?.stages.get('AWSCURRENT') ?? '';
    return JSON.parse(String(secret?.versions.get(id)?.value?.SecretString));
  };

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    cpSync(builtModule(), path.join(folder, 'rotaform'), { recursive: true });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    write('my-app/db', ['one', 'two']);
    await run(['init', '-input=false']);
    await run(['apply', '-auto-approve'], { TF_VAR_first_password: FIRST });
  }, 900_000);
  afterAll(async () => {
    await aws?.close();
    rmSync(folder, { recursive: true });
  });

  it('rotates each secret as soon as it is applied, and plans nothing more', async () => {
    for (const name of ['my-app/db', 'tenants/one', 'tenants/two']) {
      expect(await aws.rotationSettled(name), name).toBe('succeeded');
      expect(live(name).password, name).toMatch(/^.{32}$/);
    }
    expect(live('my-app/db').username).toBe('app');
    expect(live('tenants/one').username).toBe('one');
    expect(await run(['plan'])).toContain('No changes.');
  });

  it('adds a secret to the fleet and touches nothing else', async () => {
    write('my-app/db', ['one', 'two', 'three']);
    expect(await run(['apply', '-auto-approve'])).toContain('Resources: 3 added, 0 changed, 0 destroyed.');
    expect(await aws.rotationSettled('tenants/three')).toBe('succeeded');
  });

  it('leaves the live value alone if the first version is replaced, forgotten, or its state lost', async () => {
    const version = 'module.db.aws_secretsmanager_secret_version.first["secret"]';
    for (const lose of [
      () => run(['apply', '-auto-approve', `-replace=${version}`]),
      async () => {
        await run(['state', 'rm', version]);
        await run(['apply', '-auto-approve']);
      },
    ]) {
      await rotatePassword(aws, 'my-app/db');
      const before = live('my-app/db');
      await lose();
      expect(live('my-app/db')).toEqual(before);
    }
    expect(await run(['plan'])).toContain('No changes.');
  });

  it('keeps a renamed secret until its successor has a value', async () => {
    const before = live('my-app/db').password ?? '';
    write('my-app/database', ['one', 'two', 'three']);
    await run(['apply', '-auto-approve'], { TF_VAR_first_password: before });
    expect(await aws.rotationSettled('my-app/database')).toBe('succeeded');
    expect(live('my-app/database').username).toBe('app');
  });

  it('writes no value to the state, a plan or its output', async () => {
    await run(['plan', '-out=last.plan']);
    const texts = [
      ...said,
      readFileSync(path.join(folder, 'terraform.tfstate'), 'utf8'),
      await run(['show', '-json', 'last.plan']),
    ];
    for (const value of [FIRST, live('my-app/database').password ?? '']) {
      for (const text of texts) expect(text.includes(value)).toBe(false);
    }
  });

  it('destroys all that it made', async () => {
    await run(['destroy', '-auto-approve']);
    expect(aws.account.functions.all()).toEqual([]);
  });
});
