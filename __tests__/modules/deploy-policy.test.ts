import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModuleFolder } from '../../harness/module-folder.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { byOption, deployPolicy, type Policy } from '../../packaging/deploy-policy.ts';
import { moduleSources } from '../../packaging/module-sources.ts';
import type { TargetName } from '../../rules/targets.ts';

const ANYBODY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-app/other-AbCdEf';
interface Call {
  readonly input: string;
  readonly name?: string;
  readonly option?: string;
}
/** A call of each module, with its least input, and the option that it uses. */
const CALLS: Readonly<Record<TargetName | 'alarms' | 'custom' | 'static-secret', Call>> = {
  alarms: {
    name: 'rotate-alarms',
    input: 'email = "team@example.com"\n  rotations = { password = module.password }\n  tags = { team = "data" }',
    option: 'email',
  },
  password: {
    input: 'schedule = { rate_days = 30 }\n  tags = { team = "data" }\n  resource_policy = { json = local.policy }',
    option: 'resource_policy',
  },
  postgres: {
    input: `schedule = { rate_days = 30 }\n  strategy = "alternating-users"\n  users = ["app"]\n  initial = { username = "app" }\n  admin = { secret_arn = "${SECRET}" }`,
  },
  mysql: {
    input: `schedule = { rate_days = 30 }\n  strategy = "dual-password"\n  users = ["app"]\n  initial = { username = "app" }\n  admin = { secret_arn = "${SECRET}" }`,
  },
  'oauth-token': {
    input: `schedule = { rate_hours = 4 }\n  issuer = "https://login.example.com"\n  credentials = { secret_arn = "${SECRET}" }`,
  },
  'google-access-token': {
    input: `schedule = { rate_hours = 4 }\n  refresh_every_minutes = 30\n  service_account = "a@b.iam.gserviceaccount.com"\n  scopes = ["https://www.googleapis.com/auth/tasks"]\n  credentials = { secret_arn = "${SECRET}" }`,
    option: 'refresh_every_minutes',
  },
  custom: {
    input:
      'schedule = { rate_days = 30 }\n  archive = "rotaform/modules/function/archives/password.zip"\n  tags = { team = "data" }\n  ' +
      'on_rotated = [{ ecs_service = { cluster_name = "apps", service_name = "web" } }, { webhook = local.webhook }]',
    option: 'on_rotated',
  },
  'static-secret': { input: 'initial = { client_id = "app" }' },
};

const STACK = (account: string) => `
locals {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "secretsmanager:DeleteSecret", Resource = "*", Principal = "*", Condition = { StringNotLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/deploy-*" } } }] })
  webhook = { connection_arn = "arn:aws:events:us-east-1:123456789012:connection/hook/0123abcd", url = "https://example.com" }
}
${Object.entries<Call>(CALLS)
  .map(
    ([name, { input, name: given = `my-app/${name}` }]) => `
provider "aws" {
  alias  = "${name}"
  region = "us-east-1"
  assume_role {
    role_arn = "arn:aws:iam::${account}:role/deploy-${name}"
  }
}

module "${name}" {
  source    = "./rotaform/modules/${name}"
  name      = "${given}"
  providers = { aws = aws.${name} }
  ${input}
}
`,
  )
  .join('\n')}`;

describe('The policy of who deploys', () => {
  it('is in the README of each public module', () => {
    const isPublic = ({ usage }: { readonly usage: string | undefined }) => usage !== undefined;
    expect(
      moduleSources()
        .filter(isPublic)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(CALLS).sort());
  });
});

describe.skipIf(!hasTerraform)(`A role with only that policy${missingTerraform}`, { timeout: 900_000 }, () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let terraform: ModuleFolder;
  const denied: string[] = [];

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    aws.account.events.on('call', ({ action, errorCode, caller, errorMessage = '' }) => {
      if (/AccessDenied/.test(errorCode ?? '') && caller.arn.includes('/deploy-'))
        denied.push(`${action}: ${errorMessage}`);
    });
    iam = new IAMClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: ANYBODY });
    for (const [name, { option }] of Object.entries<Call>(CALLS)) {
      const { made = [] } = moduleSources().find((each) => each.name === name) ?? {};
      const { always, options } = byOption(made);
      const added = options.find(([each]) => each === option)?.[1] ?? [];
      await allow(name, policyOf([...always, ...added]));
    }
    terraform = new ModuleFolder(aws.environment, STACK(aws.account.id));
    await terraform.init();
  }, 900_000);
  afterAll(async () => {
    iam?.destroy();
    terraform?.remove();
    await aws?.close();
  });

  function policyOf(types: readonly string[]): Policy {
    const place = { account: aws.account.id, secrets: 'my-app/', functions: 'rotate-' };
    const { Version, Statement } = deployPolicy(types, place);
    // Before 6.26, the provider read the value of a version.
    if (!terraformCli().providerVersion.startsWith('5.')) return { Version, Statement };
    const Resource = `arn:aws:secretsmanager:*:${aws.account.id}:secret:my-app/*`;
    const older = { Sid: 'Older', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource } as const;
    return { Version, Statement: [...Statement, older] };
  }

  async function allow(name: string, policy: Policy): Promise<void> {
    const RoleName = `deploy-${name}`;
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: aws.account.id } };
    await iam
      .send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
        }),
      )
      .catch((error) => {
        if (error.name !== 'EntityAlreadyExistsException' && error.name !== 'EntityAlreadyExists') throw error;
      });
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'deploy', PolicyDocument: JSON.stringify(policy) }),
    );
  }

  it('applies, plans and destroys each module', async () => {
    await terraform.apply();
    expect(await terraform.plan()).toEqual([]);
    // By that, preflight asks a function without --invoke: not one whose code nobody here knows.
    const foreign = aws.account.functions
      .all()
      .filter(({ configuration }) => !configuration.Description?.includes('(declared with Rotaform)'));
    expect(foreign.map(({ configuration }) => configuration.FunctionName)).toEqual([
      expect.stringMatching(/^rotate-my-app-custom-/),
    ]);
    // The plan has just read everything.
    await terraform.destroy('-refresh=false');
    expect(denied).toEqual([]);
    expect(aws.account.functions.all()).toEqual([]);
  });

  it('is refused by Lambda if it may not pass the role, and by Secrets Manager for the secret of another application', async () => {
    const { always } = byOption(moduleSources().find(({ name }) => name === 'password')?.made ?? []);
    const { Version, Statement } = policyOf([...always, 'aws_secretsmanager_secret_policy']);
    await allow('password', { Version, Statement: Statement.filter(({ Sid }) => Sid !== 'PassTheRoles') });
    terraform.write('main.tf', STACK(aws.account.id).replace('"my-app/static-secret"', '"other/secret"'));
    const targets = ['-target=module.password', '-target=module.static-secret'];
    const { exitCode, output } = await terraform.run(['apply', '-auto-approve', ...targets]).ended;
    expect(exitCode).toBe(1);
    const said = output.replaceAll(/\s+/g, ' ');
    expect(said).toContain('is not authorized to perform: iam:PassRole');
    expect(said).toContain('is not authorized to perform: secretsmanager:');
  });
});
