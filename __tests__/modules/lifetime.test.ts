import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { hasTerraform, missingTerraform, STATE_FILE } from '../../harness/terraform-cli.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { itKeepsTheLivePassword } from '../terraform/keeps-the-live-password.ts';

const NAME = 'my-app/db';
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
  initial_is_required = true
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

/** Each has a field that is empty, somewhere in an object that is not. */
const FORGOTTEN = `
module "optional" {
  source   = "./rotaform/modules/password"
  name     = "forgotten/optional"
  initial  = { username = "app", password = var.first_password }
  schedule = { rate_days = 30 }
}

module "nested" {
  source              = "./rotaform/modules/password"
  name                = "forgotten/nested"
  initial             = { username = "app", logins = [{ password = var.first_password }] }
  initial_is_required = true
  schedule            = { rate_days = 30 }
}

module "fleet" {
  source              = "./rotaform/modules/password"
  fleet               = { secret_name_prefix = "forgotten/", secrets = { "forgotten/one" = {} } }
  function            = { name = "rotate-forgotten" }
  initial             = { "forgotten/one" = { password = var.first_password } }
  initial_is_required = true
  schedule            = { rate_days = 30 }
}

module "static" {
  source  = "./rotaform/modules/static-secret"
  name    = "forgotten/static"
  initial = { key = var.first_password }
}
`;

describe.skipIf(!hasTerraform)(`The module in an account${missingTerraform}`, { timeout: 900_000 }, () => {
  const said: string[] = [];
  let aws: LocalAws;
  let terraform: ModuleFolder;
  let stateOfFirstApply: string;

  const write = (name: string, tenants: readonly string[]) => terraform.write('main.tf', stack(name, tenants));
  async function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const output = await terraform.succeed(args, variables);
    said.push(output);
    return output;
  }
  const live = (name: string): Record<string, string> => {
    const secret = aws.account.secrets.find(name);
    const id = secret?.stages.get('AWSCURRENT') ?? '';
    return JSON.parse(String(secret?.versions.get(id)?.value?.SecretString));
  };

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    terraform = new ModuleFolder(aws.environment, stack(NAME, ['one', 'two']));
    await terraform.init();
    await run(['apply', '-auto-approve'], { TF_VAR_first_password: FIRST });
    stateOfFirstApply = terraform.read(STATE_FILE);
  }, 900_000);
  afterAll(async () => {
    terraform?.remove();
    await aws?.close();
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

  itKeepsTheLivePassword([1, 2, 3], () => ({
    aws,
    terraform,
    secretName: NAME,
    version: 'module.db.aws_secretsmanager_secret_version.first["secret"]',
    stateOfFirstApply,
    said,
  }));

  it('adds a secret to the fleet and touches nothing else', async () => {
    write(NAME, ['one', 'two', 'three']);
    expect(await run(['apply', '-auto-approve'])).toContain('Resources: 3 added, 0 changed, 0 destroyed.');
    expect(await aws.rotationSettled('tenants/three')).toBe('succeeded');
  });

  it.each([
    ['is not set', {}],
    ['is an empty text', { TF_VAR_first_password: '' }],
  ])('refuses a rename if the first value %s, at plan, though other fields of it are there', async (_, variables) => {
    const before = live('my-app/db');
    write('my-app/database', ['one', 'two', 'three']);
    const { exitCode, output } = await terraform.run(['apply', '-auto-approve', '-no-color'], variables).ended;
    expect(exitCode, output).toBe(1);
    expect(output).toContain('The secret has no value yet');
    expect(live('my-app/db')).toEqual(before);
    expect(aws.account.secrets.find('my-app/database')).toBeUndefined();
  });

  it.each([
    ['is null', {}],
    ['is an empty text', { TF_VAR_first_password: '' }],
  ])(
    'refuses a first version if a field %s, at any depth, in each module, before anything is made',
    async (_, variables) => {
      terraform.write('forgotten.tf', FORGOTTEN);
      await terraform.init();
      const { exitCode, output } = await terraform.run(['apply', '-auto-approve', '-no-color'], variables).ended;
      expect(exitCode, output).toBe(1);
      expect(output).toContain('A field of initial is null or empty.');
      for (const name of ['optional', 'nested', 'one', 'static'])
        expect(aws.account.secrets.find(`forgotten/${name}`), name).toBeUndefined();
      terraform.write('forgotten.tf', FORGOTTEN.slice(FORGOTTEN.indexOf('module "nested"')));
      const { output: others } = await terraform.run(['plan', '-no-color'], variables).ended;
      for (const name of ['nested', 'one', 'static']) expect(others).toContain(`name is "forgotten/${name}"`);
      terraform.write('forgotten.tf', '');
    },
  );

  it('keeps a renamed secret until its successor has a value', async () => {
    const before = live('my-app/db').password ?? '';
    write('my-app/database', ['one', 'two', 'three']);
    await run(['apply', '-auto-approve'], { TF_VAR_first_password: before });
    expect(await aws.rotationSettled('my-app/database')).toBe('succeeded');
    expect(live('my-app/database').username).toBe('app');
  });

  it('writes no value to the state, a plan or its output', async () => {
    await run(['plan', '-out=last.plan']);
    const texts = [...said, terraform.read(STATE_FILE), stateOfFirstApply, await run(['show', '-json', 'last.plan'])];
    for (const value of [FIRST, live('my-app/database').password ?? '']) {
      for (const text of texts) expect(text.includes(value)).toBe(false);
    }
  });

  it('destroys all that it made', async () => {
    await run(['destroy', '-auto-approve']);
    expect(aws.account.functions.all()).toEqual([]);
  });
});
