import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { hasTerraform, missingTerraform, STATE_FILE } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { liveValue, rotateLive } from '../terraform/keeps-the-live-password.ts';

const NAME = 'my-app/db';
const IN_HCL = `
provider "aws" {
  region = "us-east-1"
}

module "db" {
  source                = "./rotaform/modules/password"
  name                  = "${NAME}"
  schedule              = { rate_hours = 4 }
  refresh_every_minutes = 30
  function              = { name = "rotate-my-app-db" }
}
`;

/** The rows of the page's table: where a resource stood, and where it stands in the module. */
function movesOfThePage(): { readonly from: RegExp; readonly to: string }[] {
  const page = readFileSync('docs/terraform-module.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(aws_\w+\.db_\w+)_…` +\| `(module\.db\.[^`]+)` +\|$/gm)];
  return rows.map(([, from = '', to = '']) => ({ from: new RegExp(`^${from.replace('.', '\\.')}_[0-9A-F]{8}$`), to }));
}

describe.skipIf(!hasTerraform)(`Moving to the module${missingTerraform}`, { timeout: 600_000 }, () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
  });
  afterAll(() => aws?.close());
  const live = (secretName: string) => liveValue({ aws, secretName });
  const rotate = (secretName: string) => rotateLive({ aws, secretName });

  it('from CDKTF by its state leaves a live secret alone, and the next plan is empty', async () => {
    const before = new StackFolder(aws.environment, (stack) => {
      new RotatedSecret(stack, 'db', {
        name: NAME,
        rotation: Rotation.password(),
        schedule: Schedule.rate({ hours: 4 }),
        refreshEveryMinutes: 30,
      });
    });
    onTestFinished(() => before.remove());
    await before.apply();
    expect(await aws.rotationSettled(NAME)).toBe('succeeded');
    const current = await rotate(NAME);

    const after = new ModuleFolder(aws.environment, IN_HCL);
    onTestFinished(() => after.remove());
    after.write(STATE_FILE, before.read(STATE_FILE));
    const state = JSON.parse(before.read(STATE_FILE));
    const addresses = (state.resources as { mode: string; type: string; name: string }[])
      .filter(({ mode }) => mode === 'managed')
      .map(({ type, name }) => `${type}.${name}`);
    const moves = movesOfThePage();
    const moved = addresses.map((from) => ({ from, to: moves.find((each) => each.from.test(from))?.to }));
    expect(moved.filter(({ to }) => to === undefined)).toEqual([]);
    after.write('moved.tf', moved.map(({ from, to }) => `moved {\n  from = ${from}\n  to   = ${to}\n}\n`).join('\n'));
    await after.init();
    // The archive has another path, and other bytes if another machine zipped it.
    expect((await after.plan()).sort()).toEqual(
      [
        ...moved.filter(({ to }) => !to?.includes('aws_lambda_function')).map(({ to }) => `${to}: move`),
        'module.db.module.function.aws_lambda_function.function: update',
      ].sort(),
    );
    await after.apply();
    expect(live(NAME)).toBe(current);
    expect(await after.plan()).toEqual([]);
    await rotate(NAME);
    expect(await after.plan()).toEqual([]);
    await after.destroy();
  });

  it('from a hand-made rotation by import leaves a live secret alone, and the next plan is empty', async () => {
    const before = new ModuleFolder(aws.environment, BY_HAND);
    onTestFinished(() => before.remove());
    await before.init();
    await before.apply();
    expect(await aws.rotationSettled('billing/key')).toBe('succeeded');
    const current = await rotate('billing/key');
    expect(JSON.parse(current).token).toBe('kept');

    const { arn = '' } = aws.account.secrets.find('billing/key') ?? {};
    const after = new ModuleFolder(aws.environment, imported(arn));
    onTestFinished(() => after.remove());
    await after.init();
    const plan = (await after.plan()).map((line) => line.replace('module.billing.', ''));
    // Of the secret, what the provider does not read: how long it could be restored.
    expect(plan.filter((line) => /: (update|delete|replace)$/.test(line))).toEqual([
      'aws_secretsmanager_secret.secret["secret"]: update',
      'aws_secretsmanager_secret_rotation.secret["secret"]: update',
    ]);
    expect(plan).toContain('aws_secretsmanager_secret_version.first["secret"]: create');
    await after.apply();
    expect(live('billing/key')).toBe(current);
    for (const address of ['aws_secretsmanager_secret.key', 'aws_secretsmanager_secret_version.key'])
      await before.succeed(['state', 'rm', address]);
    await before.succeed(['state', 'rm', 'aws_secretsmanager_secret_rotation.key']);
    await before.destroy();
    expect(await after.plan()).toEqual([]);
    expect(JSON.parse(await rotate('billing/key')).token).toBe('kept');
    expect(await after.plan()).toEqual([]);
  });

  it('from a static secret, by the moves of its page, leaves the value alone until it rotates', async () => {
    const terraform = new ModuleFolder(aws.environment, client('static-secret'));
    onTestFinished(() => terraform.remove());
    await terraform.init();
    await terraform.apply();
    const current = live('my-app/client');

    const page = readFileSync('docs/static-secret.md', 'utf8').replaceAll(/\s+/g, ' ');
    const moves = [...page.matchAll(/from `(module\.client\.[^`]+)` to `(module\.client\.[^`]+)`/g)];
    expect(moves.length).toBe(2);
    const moved = moves.map(([, from, to]) => `moved {\n  from = ${from}\n  to   = ${to}\n}\n`).join('');
    const rotating = 'schedule = { rate_days = 30 }\n  rotate_immediately = false';
    terraform.write('main.tf', client('password', rotating) + moved);
    await terraform.init();
    const plan = await terraform.plan();
    expect(plan.filter((line) => !/: (create|read)$/.test(line)).sort()).toEqual(
      moves.map(([, , to]) => `${to}: move`).sort(),
    );
    await terraform.apply();
    expect(live('my-app/client')).toBe(current);
    expect(await terraform.plan()).toEqual([]);
    expect(JSON.parse(await rotate('my-app/client')).client_id).toBe('my-app');
    expect(await terraform.plan()).toEqual([]);
  });
});

const client = (module: string, inputs = '') => `
provider "aws" {
  region = "us-east-1"
}

module "client" {
  source  = "./rotaform/modules/${module}"
  name    = "my-app/client"
  initial = { client_id = "my-app", password = "as it is today" }
  ${inputs}
}
`;

/** As tutorials have it. */
const BY_HAND = `
provider "aws" {
  region = "us-east-1"
}

resource "aws_secretsmanager_secret" "key" {
  name = "billing/key"
}

resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.key.id
  secret_string = jsonencode({ token = "kept", password = "first" })

  lifecycle {
    ignore_changes = [secret_string]
  }
}

resource "aws_iam_role" "rotate" {
  name               = "rotate-by-hand"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "rotate" {
  role   = aws_iam_role.rotate.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["secretsmanager:*"], Resource = "*" }] })
}

resource "aws_lambda_function" "rotate" {
  function_name    = "rotate-by-hand"
  filename         = "rotaform/modules/function/archives/password.zip"
  source_code_hash = filebase64sha256("rotaform/modules/function/archives/password.zip")
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  role             = aws_iam_role.rotate.arn
  timeout          = 30

  environment {
    variables = { SECRET_FORMAT = "json", PASSWORD_FIELDS = "password" }
  }
}

resource "aws_lambda_permission" "rotate" {
  statement_id  = "AllowSecretsManager"
  action        = "lambda:InvokeFunction"
  principal     = "secretsmanager.amazonaws.com"
  function_name = aws_lambda_function.rotate.function_name
}

resource "aws_secretsmanager_secret_rotation" "key" {
  secret_id           = aws_secretsmanager_secret.key.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn

  rotation_rules {
    automatically_after_days = 30
  }

  depends_on = [aws_lambda_permission.rotate, aws_iam_role_policy.rotate, aws_secretsmanager_secret_version.key]
}
`;

const imported = (arn: string) => `
provider "aws" {
  region = "us-east-1"
}

module "billing" {
  source             = "./rotaform/modules/password"
  name               = "billing/key"
  schedule           = { rate_days = 30 }
  rotate_immediately = false
}

import {
  to = module.billing.aws_secretsmanager_secret.secret["secret"]
  id = "${arn}"
}

import {
  to = module.billing.aws_secretsmanager_secret_rotation.secret["secret"]
  id = "${arn}"
}
`;
