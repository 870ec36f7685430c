// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's own variables
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { Fn, Lazy, ref, TerraformIterator, TerraformLocal, type TerraformStack, TerraformVariable, Token } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule, StaticSecret } from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf } from './stack-json.ts';
import { synthWarnings } from './synth-warnings.ts';
import { synthesize } from './synthesize.ts';

const rotating = { name: 'app/db', rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const rotated = (stack: TerraformStack, props: object = {}) =>
  new RotatedSecret(stack, 'db', { ...rotating, ...props });
const fixed = (stack: TerraformStack, props: object = {}) =>
  new StaticSecret(stack, 'key', { name: 'app/key', ...props });
const refusedWith = (declare: (stack: TerraformStack) => unknown) =>
  refusal(() => synthesize((stack) => void declare(stack))).message;
const late = (value: string) => Lazy.stringValue({ produce: () => value });

describe('Two readers', () => {
  it.each<[string, (stack: TerraformStack, name: string) => string | IamRole]>([
    ['roles by name', (_, name) => name],
    ['roles of the stack', (stack, name) => new IamRole(stack, name, { name, assumeRolePolicy: '{}' })],
    ['roles by the reference to their names', (stack, name) => new TerraformVariable(stack, name, {}).stringValue],
  ])('are two even if only punctuation tells them apart: %s', (_, readerOf) => {
    const stack = synthesize((stack) => {
      const secret = fixed(stack);
      for (const name of ['web-app', 'web_app']) secret.grantRead(readerOf(stack, name));
    });
    expect(new Set(blocksOf(stack, 'aws_iam_role_policy', 'read_by').map(({ role }) => role)).size).toBe(2);
  });

  it('of another account are two, with two sids', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd';
    const stack = synthesize((stack) => {
      const secret = fixed(stack, { kmsKeyArn });
      for (const name of ['web-app', 'web_app']) secret.grantRead(`arn:aws:iam::444455556666:role/${name}`);
    });
    const { statement } = blockOf(stack, 'aws_iam_policy_document', 'resource_policy');
    expect(new Set((statement as { sid: string }[]).map(({ sid }) => sid)).size).toBe(2);
  });
});

describe('A first value that Terraform would keep', () => {
  const plain = (stack: TerraformStack) => new TerraformVariable(stack, 'kept', {}).stringValue;
  const secret = (stack: TerraformStack) => new EphemeralVariable(stack, 'given', 'For a test').stringValue;
  const local = (stack: TerraformStack, value: unknown) => new TerraformLocal(stack, 'local', value).asString;
  const beside = (stack: TerraformStack, password: string) => Fn.jsonencode({ password, other: secret(stack) });
  const inMerged = (stack: TerraformStack, password: string) =>
    Token.asString(Fn.merge([{ password }, { other: secret(stack) }]));
  const LITERAL_BESIDE = /A literal gives a secret its first value together with var\.given, or instead of it/;

  it.each<[string, (stack: TerraformStack) => string, RegExp]>([
    ['a local value of a variable', (stack) => local(stack, plain(stack)), /variable "kept" .* is not ephemeral/],
    ['a local literal', (stack) => local(stack, 'hunter2'), /A literal gives/],
    ['literals that are joined', () => Fn.join('', ['hunter', '2']), /A literal gives/],
    ['a literal that comes late', () => late('hunter2'), /A literal gives/],
    ['a literal instead of an empty variable', (stack) => Fn.coalesce([secret(stack), 'hunter2']), /A literal gives/],
    ['a literal beside a variable in JSON', (stack) => beside(stack, 'hunter2'), LITERAL_BESIDE],
    ['a literal in one of two objects', (stack) => inMerged(stack, 'hunter2'), LITERAL_BESIDE],
    ['a literal in a list with a variable', (stack) => Fn.element(['hunter2', secret(stack)], 0), LITERAL_BESIDE],
    ['a literal for a missing key', (stack) => Fn.lookup({ a: secret(stack) }, 'b', 'hunter2'), LITERAL_BESIDE],
    ['a literal that a function changes', (stack) => Fn.try([secret(stack), Fn.upper('hunter2')]), LITERAL_BESIDE],
    ['a joined literal', (stack) => Fn.coalesce([secret(stack), Fn.join('', ['hunter', '2'])]), LITERAL_BESIDE],
    ['a number', (stack) => Fn.coalesce([secret(stack), 123_456 as unknown as string]), LITERAL_BESIDE],
    [
      'one of two choices',
      (stack) => Token.asString(Fn.conditional(true, Fn.upper('hunter2'), secret(stack))),
      LITERAL_BESIDE,
    ],
    [
      'a text in which a variable replaces a part',
      (stack) => Fn.replace('hunter2', 'zz', secret(stack)),
      LITERAL_BESIDE,
    ],
    [
      'a local literal to fall back to',
      (stack) => Fn.coalesce([secret(stack), local(stack, 'hunter2')]),
      LITERAL_BESIDE,
    ],
    [
      'a choice within a text',
      (stack) => Fn.join(':', ['app', Fn.coalesce([secret(stack), 'hunter2'])]),
      LITERAL_BESIDE,
    ],
    [
      'a member of a local object that has a variable, too',
      (stack) => {
        new TerraformLocal(stack, 'object', { password: 'hunter2', other: secret(stack) });
        return Token.asString(ref('local.object["password"]'));
      },
      /A literal gives/,
    ],
    [
      'an attribute to fall back to',
      (stack) => Fn.coalesce([secret(stack), new IamRole(stack, 'role', { assumeRolePolicy: '{}' }).uniqueId]),
      /from aws_iam_role\.role\.unique_id, which Terraform keeps/,
    ],
    [
      'the default of an ephemeral variable',
      (stack) => {
        const given = new EphemeralVariable(stack, 'given', 'For a test');
        given.addOverride('default', 'hunter2');
        return given.stringValue;
      },
      /variable "given" .* has a default/,
    ],
    [
      'a parameter of Systems Manager',
      (stack) => new DataAwsSsmParameter(stack, 'other', { name: '/x' }).value,
      /from data\.aws_ssm_parameter\.other\.value, which Terraform keeps/,
    ],
    [
      'an attribute of a resource',
      (stack) => new IamRole(stack, 'role', { assumeRolePolicy: '{}' }).uniqueId,
      /from aws_iam_role\.role\.unique_id, which Terraform keeps/,
    ],
  ])('is refused: %s', (_, sourceOf, message) => {
    const declare = [
      (stack: TerraformStack) => rotated(stack, { initial: { password: sourceOf(stack) } }),
      (stack: TerraformStack) => fixed(stack, { initial: { password: sourceOf(stack) } }),
      (stack: TerraformStack) => fixed(stack, { initial: sourceOf(stack) }),
    ];
    for (const each of declare) {
      const text = String(messageOf(() => synthesize((stack) => void each(stack))));
      expect(text).toMatch(message);
      expect(text).not.toContain('hunter2');
    }
  });

  it.each<[string, (stack: TerraformStack) => string]>([
    ['by a local value', (stack) => local(stack, secret(stack))],
    ['by a function with a literal', (stack) => Fn.lookup(Fn.jsondecode(secret(stack)), 'password', '')],
    ['as a part of an address', (stack) => `postgres://app:${secret(stack)}@db.example.com/app`],
    ['as a part of a joined text', (stack) => Fn.join(':', ['app', secret(stack)])],
    ['as a part of a formatted text', (stack) => Fn.format('%s:%s', ['app', secret(stack)])],
    ['beside an attribute', (stack) => `${secret(stack)}@${new IamRole(stack, 'r', { assumeRolePolicy: '{}' }).name}`],
    ['in JSON', (stack) => Fn.jsonencode({ password: secret(stack) })],
    ['by a part of it', (stack) => Fn.substr(Fn.element(Fn.split(',', secret(stack)), 0), 0, 8)],
    [
      'by its member of a local object',
      (stack) => {
        new TerraformLocal(stack, 'object', { username: 'app', password: secret(stack) });
        return Token.asString(ref('local.object.password'));
      },
    ],
  ])('is none from an ephemeral variable %s', (_, sourceOf) => {
    const stack = synthesize((stack) => void fixed(stack, { initial: { password: sourceOf(stack) } }));
    expect(blockOf(stack, 'aws_secretsmanager_secret_version')).toHaveProperty('secret_string_wo');
  });
});

function messageOf(declare: () => unknown): unknown {
  try {
    return declare() && 'accepted';
  } catch (error) {
    return error;
  }
}

describe('A literal from a Lazy', () => {
  it('keeps its quotes in a public field, in a list and in the function’s name', () => {
    const initial = {
      text: late('say "hi" %{x}'),
      list: Lazy.listValue({ produce: () => ['one', 'two'] }),
      object: Lazy.anyValue({ produce: () => ({ a: 'b"c' }) }),
    };
    const stack = synthesize((stack) => {
      fixed(stack, { initial, publicFields: Object.keys(initial) });
      rotated(stack, { name: late('late/name') });
    });
    const { secret_string_wo: written } = blockOf(stack, 'aws_secretsmanager_secret_version', 'key');
    expect(written).toContain('"text":${jsonencode("say \\"hi\\" %%{x}")}');
    expect(written).toContain('"list":${jsonencode(["one", "two"])}');
    expect(written).toContain('"object":${jsonencode({"a" = "b\\"c"})}');
    expect(blockOf(stack, 'aws_lambda_function').function_name).toContain('replace("late/name"');
  });

  it('may be the list of subnets', () => {
    const subnetIds = Lazy.listValue({ produce: () => ['subnet-0123456789abcdef0'] });
    const stack = synthesize((stack) => void rotated(stack, { functionOptions: { network: { subnetIds } } }));
    expect(blockOf(stack, 'aws_subnet').id).toBe('${element(["subnet-0123456789abcdef0"], 0)}');
  });
});

describe('IAM’s variables and %{', () => {
  const VALUE = '${aws:username} 100%{x}';
  const statement = {
    ...{ effect: 'Deny', principals: [{ type: 'AWS', identifiers: ['111122223333'] }] },
    actions: ['secretsmanager:DeleteSecret'],
    condition: [{ test: 'StringNotEquals', variable: 'aws:ResourceTag/owner', values: [VALUE] }],
  };
  it.each([
    ['statements', [statement]],
    [
      'JSON',
      JSON.stringify({
        Statement: {
          ...{ Effect: 'Deny', Principal: '*', Action: 'secretsmanager:DeleteSecret', Resource: '*' },
          Condition: { StringNotEquals: { 'aws:ResourceTag/owner': VALUE } },
        },
      }),
    ],
  ])('reach IAM from %s', (_, resourcePolicy) => {
    const stack = synthesize((stack) => void fixed(stack, { resourcePolicy }));
    const document = JSON.stringify(blockOf(stack, 'aws_iam_policy_document', 'resource_policy'));
    expect(document).toContain('$${aws:username} 100%%{x}');
  });

  it('reach it from the statements of a strategy, together with a reference', () => {
    const stack = synthesize((stack) => {
      const { stringValue } = new TerraformVariable(stack, 'topic', {});
      const statements = [
        { actions: ['sns:Publish'], resources: [`${stringValue}/\${aws:PrincipalTag/team, 'none'}`] },
      ];
      rotated(stack, { rotation: Rotation.custom({ entry: 'examples/custom-strategy/api-key.ts', statements }) });
    });
    expect(JSON.stringify(blockOf(stack, 'aws_iam_policy_document', 'permissions'))).toContain(
      "${var.topic}/$${aws:PrincipalTag/team, 'none'}",
    );
  });
});

describe('A value of an iterator', () => {
  const iterator = (stack: TerraformStack) =>
    TerraformIterator.fromList(new TerraformVariable(stack, 'names', { type: 'set(string)' }).listValue);
  it.each<[string, (stack: TerraformStack) => unknown]>([
    ['a name', (stack) => fixed(stack, { name: iterator(stack).value })],
    ['a name within a text', (stack) => fixed(stack, { name: `app/${iterator(stack).value}` })],
    ['a reader', (stack) => fixed(stack).grantRead(iterator(stack).value)],
    ['a tag', (stack) => rotated(stack, { tags: { a: Fn.upper(iterator(stack).value) } })],
  ])('is refused as %s', (_, declare) => {
    expect(refusedWith(declare)).toContain('a value of an iterator, such as each.value');
  });
});

describe('The resourcePolicy', () => {
  const everybody = [{ type: '*', identifiers: ['*'] }];
  const deny = (more: object = {}) => ({
    ...{ effect: 'Deny', principals: everybody, actions: ['secretsmanager:GetSecretValue'] },
    ...more,
  });
  const when = (test: string, variable: string, ...values: string[]) => ({ condition: [{ test, variable, values }] });
  const allow = (more: object) => ({ ...deny(more), effect: 'Allow' });
  const ofRole = { principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::111122223333:role/a'] }] };
  const rotation = 'to the role of the function that rotates it';

  it.each<[string, object[], string]>([
    ['its literal name', [deny({ resources: ['arn:*:secretsmanager:*:*:secret:app/db-??????'] })], 'to everybody'],
    ['all but other names', [deny({ notResources: ['arn:*:secretsmanager:*:*:secret:other-*'] })], 'to everybody'],
    ['a type in other case', [deny(when('StringEqualsIgnoreCase', 'aws:PrincipalType', 'assumedrole'))], rotation],
    ['Null with a capital', [deny(when('Null', 'aws:SourceVpce', 'True'))], rotation],
    [
      'two halves',
      ['StringEquals', 'StringNotEquals'].map((test) => deny(when(test, 'aws:PrincipalTag/team', 'a'))),
      'to everybody',
    ],
    ['an operator in other case', [deny(when('stringequals', 'aws:PrincipalType', 'x'))], 'operator "stringequals"'],
    ['a principal’s type in other case', [allow({ principals: [{ type: 'aws', identifiers: ['*'] }] })], 'type "aws"'],
    [
      'the halves of all addresses',
      [allow(when('IpAddress', 'aws:SourceIp', '0.0.0.0/1', '128.0.0.0/1'))],
      'allows everybody',
    ],
    ['a sid with a space', [allow({ ...ofRole, sid: 'has space' })], 'the sid "has space"'],
    ['a sid twice', [1, 2].map(() => allow({ ...ofRole, sid: 'A' })), 'two statements with the sid "A"'],
    ['another service', [allow({ ...ofRole, actions: ['s3:GetObject'] })], 'the action "s3:GetObject"'],
    ['no service', [allow({ ...ofRole, actions: ['GetSecretValue'] })], 'the action "GetSecretValue"'],
    ['no statement', [undefined as never], 'a statement number 1 that is not an object'],
  ])('is refused with %s', (_, resourcePolicy, message) => {
    expect(refusedWith((stack) => rotated(stack, { resourcePolicy }))).toContain(message);
  });

  it.each<[string, object[]]>([
    ['another name', [deny({ resources: ['arn:*:secretsmanager:*:*:secret:other/db-??????'] })]],
    ['its own region in capitals', [deny(when('StringNotEqualsIgnoreCase', 'aws:RequestedRegion', 'US-EAST-1'))]],
    ['one network', [allow(when('IpAddress', 'aws:SourceIp', '203.0.113.0/24'))]],
    [
      'any of an organization',
      [allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-ab12/*'))],
    ],
  ])('is accepted with %s', (_, resourcePolicy) => {
    expect(synthWarnings((stack) => void rotated(stack, { resourcePolicy }))).toEqual([]);
  });

  it('is refused with a NotPrincipal where the role has a permissions boundary, which it never excepts', () => {
    const declare = (functionOptions: object) => (stack: TerraformStack) => {
      const secret = rotated(stack, { functionOptions });
      const role = secret.rotationFunction.roleArn;
      const session = 'arn:aws:sts::111122223333:assumed-role/rotate-app-db-x/rotate-app-db';
      const notPrincipals = [{ type: 'AWS', identifiers: ['arn:aws:iam::111122223333:root', role, session] }];
      secret.addToResourcePolicy({ effect: 'Deny', notPrincipals, actions: ['secretsmanager:GetSecretValue'] });
    };
    const permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
    expect(refusedWith(declare({ permissionsBoundaryArn }))).toContain(rotation);
    expect(synthesize(declare({}))).toHaveProperty('resource.aws_secretsmanager_secret_policy');
  });

  it('causes a warning if synth cannot tell whether it locks out the rotation', () => {
    const resourcePolicy = [deny(when('StringNotEquals', 'aws:SourceVpc', 'vpc-0123456789abcdef0'))];
    const functionOptions = { network: { subnetIds: ['subnet-0123456789abcdef0'] } };
    const [warning] = synthWarnings((stack) => void rotated(stack, { resourcePolicy, functionOptions }));
    expect(warning).toContain('Nothing says at synth whether the statement number 1 of the resourcePolicy denies');
  });

  it('is refused with more than Secrets Manager takes, and with a principal that is neither * nor an object', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd';
    const message = refusedWith((stack) => {
      const secret = fixed(stack, { kmsKeyArn });
      for (let i = 0; i < 120; i++) secret.grantRead(`arn:aws:iam::444455556666:role/team/application-number-${i}`);
    });
    expect(message).toContain('Secrets Manager accepts at most 20480');
    const Statement = { Effect: 'Deny', Principal: 'everyone', Action: 'secretsmanager:*', Resource: '*' };
    expect(refusedWith((stack) => fixed(stack, { resourcePolicy: JSON.stringify({ Statement }) }))).toContain(
      'the principal "everyone"',
    );
  });
});

describe('A secret', () => {
  it('is the only one of its name in its stack', () => {
    const message = refusedWith((stack) => [rotated(stack), new StaticSecret(stack, 'other', { name: 'app/db' })]);
    expect(message).toBe('The secrets test/db and test/other are both named "app/db". Give one of them another name.');
  });

  it('has at most 50 tags, and none of AWS’s own', () => {
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, 'x']));
    expect(refusedWith((stack) => fixed(stack, { tags }))).toContain('tags has 51 tags');
    expect(refusedWith((stack) => fixed(stack, { tags: { 'aws:x': 'y' } }))).toContain('tags has "aws:x"');
  });
});
