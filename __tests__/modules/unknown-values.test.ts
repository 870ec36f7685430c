import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform } from '../../harness/terraform-folder.ts';

/** Everything that the module is given is made in the same apply. */
const STACK = `
resource "aws_subnet" "private" {
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.0.0/24"
}

resource "aws_security_group" "endpoint" {
  name = "endpoint"
}

resource "aws_kms_key" "key" {}

resource "aws_rds_cluster" "database" {
  engine = "aurora-postgresql"
}

module "client" {
  source            = "./rotaform/modules/static-secret"
  name              = "client"
  kms_key_arn       = aws_kms_key.key.arn
  has_first_version = false
}

module "token" {
  source      = "./rotaform/modules/oauth-token"
  name        = "token"
  issuer      = "https://login.example.com/"
  credentials = { secret_arn = module.client.secret_arn, kms_key_arn = aws_kms_key.key.arn }
  kms_key_arn = aws_kms_key.key.arn
  schedule    = { rate_hours = 4 }
  network = {
    subnet_ids                                 = [aws_subnet.private.id]
    secrets_manager_endpoint_security_group_id = aws_security_group.endpoint.id
  }
}

module "without_an_endpoint" {
  source   = "./rotaform/modules/password"
  name     = "without-an-endpoint"
  schedule = { rate_days = 30 }
  network  = { subnet_ids = aws_subnet.private[*].id, target_ports = [aws_rds_cluster.database.port] }
}

resource "aws_sns_topic" "team" {
  name = "team"
}

resource "aws_sqs_queue" "rotated" {
  name = "rotated"
}

resource "aws_cloudwatch_event_bus" "team" {
  name = "team"
}

module "followed" {
  source   = "./rotaform/modules/password"
  name     = "followed"
  schedule = { rate_days = 30 }
  on_rotated = [
    { ecs_service = { cluster_name = aws_sns_topic.team.id, service_name = aws_sns_topic.team.id } },
    { sns = { topic_arn = aws_sns_topic.team.arn } },
    { sqs = { queue_arn = aws_sqs_queue.rotated.arn } },
    { event_bus = { event_bus_arn = aws_cloudwatch_event_bus.team.arn } },
    { webhook = { connection_arn = aws_sns_topic.team.id, url = aws_sns_topic.team.id } },
  ]
}

module "fleet" {
  source   = "./rotaform/modules/password"
  function = { name = "rotate-fleet" }
  fleet    = { secret_name_prefix = "fleet/", secrets = { "fleet/one" = {}, "fleet/two" = {} } }
  schedule = { rate_days = 30 }
}

module "alarms" {
  source    = "./rotaform/modules/alarms"
  name      = "alarms"
  topic_arn = aws_sns_topic.team.arn
  rotations = { followed = module.followed, fleet = module.fleet, token = module.token }
}

module "database" {
  source   = "./rotaform/modules/postgres"
  name     = "db"
  strategy = "alternating-users"
  admin    = { secret_arn = module.client.secret_arn, kms_key_arn = aws_kms_key.key.arn }
  users    = ["app"]
  initial  = { username = "app" }
  schedule = { rate_days = 30 }
  network = {
    subnet_ids                                 = [aws_subnet.private.id]
    target_ports                               = [443, aws_rds_cluster.database.port]
    secrets_manager_endpoint_security_group_id = aws_security_group.endpoint.id
  }
}
`;

describe.skipIf(!hasTerraform)(`A first plan${missingTerraform}`, { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-unknown-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('knows enough if subnets, groups, ports, keys, secrets, topics, queues and buses are made with it', async () => {
    cpSync(builtModule(), path.join(folder, 'rotaform'), { recursive: true });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    writeFileSync(path.join(folder, 'main.tf'), STACK);
    writeFileSync(
      path.join(folder, 'plan.tftest.hcl'),
      `
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

run "plan" {
  command = plan
}
`,
    );
    for (const args of [['init', '-input=false'], ['test']]) {
      const variables = { AWS_REGION: 'us-east-1', TF_DATA_DIR: path.join(folder, '.terraform') };
      const { exitCode, output } = await runTerraform(folder, args, variables).ended;
      expect(exitCode, output).toBe(0);
    }
  });
});
