import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { liveValue, rotateLive } from '../terraform/keeps-the-live-password.ts';

const OTHER_ACCOUNT = '444455556666';
const BOUNDARY = 'arn:aws:iam::aws:policy/PowerUserAccess';
const ARCHIVE = 'rotaform/modules/function/archives/password.zip';

const PROVIDERS = `
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { owner = "platform" }
  }
}

provider "aws" {
  alias  = "eu"
  region = "eu-central-1"
}

provider "aws" {
  alias  = "other"
  region = "us-east-1"
  assume_role {
    role_arn = "arn:aws:iam::${OTHER_ACCOUNT}:role/deploy"
  }
}
`;

const call = (name: string, rest: string) => `
module "${name}" {
  source   = "./rotaform/modules/password"
  schedule = { rate_days = 30 }
${rest}
}
`;
const COUNTED = call('counted', '  count = 2\n  name  = format("counted/%d", count.index)');
const BOUNDED = `name     = "bounded"
  tags     = { team = "data" }
  function = { permissions_boundary_arn = "${BOUNDARY}", role_path = "/teams/data/" }`;
const EU = call('eu', '  name       = "eu"\n  providers  = { aws = aws.eu }\n  depends_on = [module.counted]');
const OTHER = call('other', '  name      = "other"\n  providers = { aws = aws.other }');
const MANY = call(
  'many',
  '  for_each = toset([for index in range(50) : format("many/%d", index)])\n  name     = each.key',
);

describe.skipIf(!hasTerraform)(`The module in plain Terraform${missingTerraform}`, { timeout: 900_000 }, () => {
  let aws: LocalAws;
  let terraform: ModuleFolder;
  let newer: Buffer;

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    terraform = new ModuleFolder(aws.environment, PROVIDERS + COUNTED + call('limits', `  ${BOUNDED}`) + EU + OTHER);
    // An archive of before: the same code, in other bytes.
    const archive = path.join(terraform.folder, ARCHIVE);
    newer = readFileSync(archive);
    writeFileSync(archive, zipSync(unzipSync(newer), { level: 1 }));
    await terraform.init();
    await terraform.apply();
  }, 900_000);
  afterAll(async () => {
    terraform?.remove();
    await aws?.close();
  });

  /** The ARN of a secret, as an account has it in a region; the name of the error if it has none. */
  async function secretIn(accessKeyId: string, region: string, SecretId: string): Promise<string> {
    const credentials = { accessKeyId, secretAccessKey: 'any' };
    const client = new SecretsManagerClient({ endpoint: aws.endpoint, region, credentials, maxAttempts: 1 });
    try {
      return (await client.send(new DescribeSecretCommand({ SecretId }))).ARN ?? '';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    } finally {
      client.destroy();
    }
  }

  it('takes count', async () => {
    for (const name of ['counted/0', 'counted/1']) expect(await aws.rotationSettled(name)).toBe('succeeded');
    expect(aws.account.functions.all().map(({ configuration }) => configuration.FunctionName)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^rotate-counted-0-[0-9a-f]{8}$/),
        expect.stringMatching(/^rotate-counted-1-[0-9a-f]{8}$/),
      ]),
    );
  });

  it('takes a provider of another region, and of another account', async () => {
    const { AWS_ACCESS_KEY_ID: own = '' } = aws.environment;
    expect(await secretIn(own, 'eu-central-1', 'eu')).toMatch(/^arn:aws:secretsmanager:eu-central-1:\d{12}:secret:eu-/);
    expect(await secretIn(own, 'us-east-1', 'eu')).toBe('ResourceNotFoundException');
    expect(await secretIn(OTHER_ACCOUNT, 'us-east-1', 'other')).toMatch(`:us-east-1:${OTHER_ACCOUNT}:secret:other-`);
    expect(await secretIn(own, 'us-east-1', 'other')).toBe('ResourceNotFoundException');
  });

  it('gives every role the boundary and the path, and all that can have them the tags of module and provider', () => {
    const bounded = aws.account.roles.all().filter(({ Path }) => Path === '/teams/data/');
    expect(bounded).toHaveLength(1);
    expect(bounded[0]?.permissionsBoundaryArn).toBe(BOUNDARY);
    const tags = { owner: 'platform', team: 'data' };
    expect(Object.fromEntries(bounded[0]?.tags ?? [])).toEqual(tags);
    const secret = aws.account.secrets.find('bounded');
    expect(Object.fromEntries(secret?.tags ?? [])).toEqual(tags);
    const lambda = aws.account.functions
      .all()
      .find(({ configuration }) => configuration.FunctionName === 'rotate-bounded');
    expect(Object.fromEntries(lambda?.tags ?? [])).toEqual(tags);
    expect(Object.fromEntries(aws.account.logGroups.find('/aws/lambda/rotate-bounded')?.tags ?? [])).toEqual(tags);
  });

  it('has nothing to change afterwards', async () => {
    await aws.rotationSettled('bounded');
    expect(await terraform.plan()).toEqual([]);
  });

  it('takes a new archive in place: only the function changes, and the next rotation runs it', async () => {
    const before = liveValue({ aws, secretName: 'bounded' });
    writeFileSync(path.join(terraform.folder, ARCHIVE), newer);
    const changes = await terraform.plan();
    // Data sources of a module with depends_on are read at apply, so its role and policy show up with what they have.
    const others = changes.filter((change) => !change.startsWith('module.eu.'));
    expect(others).toHaveLength(4);
    for (const change of others) expect(change).toMatch(/\.aws_lambda_function\.function: update$/);
    const ofEu = changes.filter((change) => change.startsWith('module.eu.'));
    for (const change of ofEu)
      expect(change).toMatch(/: read$|\.aws_(iam_role|iam_role_policy|lambda_function)\.\w+: update$/);
    await terraform.apply();
    expect(liveValue({ aws, secretName: 'bounded' })).toBe(before);
    await rotateLive({ aws, secretName: 'bounded' });
  });

  it('takes for_each over 50 names, and touches nothing else', async () => {
    terraform.write('main.tf', PROVIDERS + COUNTED + call('limits', `  ${BOUNDED}`) + EU + OTHER + MANY);
    await terraform.init();
    const changes = await terraform.plan();
    const written = changes.filter((change) => !change.endsWith(': read'));
    expect(written).toHaveLength(50 * 8);
    for (const change of written) expect(change).toMatch(/^module\.many\["many\/\d+"\]\..*: create$/);
  });

  it('is moved when its call is renamed, and removed with its call; nothing else changes', async () => {
    const moved = 'moved {\n  from = module.limits\n  to   = module.bounded\n}\n';
    terraform.write('main.tf', PROVIDERS + COUNTED + call('bounded', `  ${BOUNDED}`) + OTHER + moved);
    await terraform.init();
    const changes = await terraform.plan();
    expect(changes).toHaveLength(8 + 8);
    for (const change of changes) expect(change).toMatch(/^module\.bounded\..*: move$|^module\.eu\..*: delete$/);
    expect(changes.filter((change) => change.endsWith(': move'))).toHaveLength(8);
    const before = liveValue({ aws, secretName: 'bounded' });
    await terraform.apply();
    expect(liveValue({ aws, secretName: 'bounded' })).toBe(before);
    expect(aws.account.functions.find('rotate-bounded')).toBeDefined();
  });
});
