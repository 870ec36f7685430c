// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, Fn, Lazy, TerraformLocal, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  fromEnvironment,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
  SecretsManagerEndpoint,
  StaticSecret,
  setProvider,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/existing-AbCdEf';
const rotating = { name: 'app/db', rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const entry = 'examples/custom-strategy/api-key.ts';
const statement = { effect: 'Deny', actions: ['secretsmanager:DeleteSecret'] };
const principals = [{ type: 'AWS', identifiers: ['111122223333'] }];

/** Each of them, as JavaScript lets it be given. */
const unchecked = (value: unknown) => value as never;
const variable = (stack: TerraformStack) => new TerraformVariable(stack, 'given', { type: 'any' });

describe('A value that only Terraform knows, in an unusual place', () => {
  it('is written as a part of the first value, however deep', () => {
    const stack = synthesize((stack) => {
      const { value, numberValue, booleanValue, listValue, stringValue } = variable(stack);
      const local = new TerraformLocal(stack, 'local', { a: ['b'] });
      const deep = [{ value, numberValue, more: [listValue, { booleanValue, local: local.expression }] }];
      const maps = { any: Token.asAnyMap(value), numbers: Token.asNumberMap(value), list: Token.asNumberList(value) };
      const text = `say "${stringValue}" and ${Fn.lookup(value, 'key', 'none')}`;
      new RotatedSecret(stack, 'db', { ...rotating, initial: { deep, maps, text } });
    });
    const { secret_string_wo: written } = blockOf(stack, 'aws_secretsmanager_secret_version');
    expect(String(written).match(/var\.given/g)).toHaveLength(9);
    expect(written).toContain('"local":${jsonencode(local.local)}');
    expect(written).not.toContain('TfToken');
  });

  it('may be a value that synth makes late', () => {
    const stack = synthesize((stack) => {
      const name = Lazy.stringValue({ produce: () => 'app/late' });
      new RotatedSecret(stack, 'db', {
        ...rotating,
        name,
        tags: unchecked(Lazy.anyValue({ produce: () => ({ a: 'b' }) })),
      });
    });
    expect(blockOf(stack, 'aws_secretsmanager_secret')).toMatchObject({ name: 'app/late', tags: { a: 'b' } });
  });

  it.each<[string, (stack: TerraformStack) => void, RegExp]>([
    [
      'users among others',
      (stack) => {
        const users = ['app', ...variable(stack).listValue];
        Rotation.postgres({ strategy: 'alternating-users', admin: { secretArn }, users });
      },
      /The option users of Rotation\.postgres has a member of a list/,
    ],
    [
      'keys among others',
      (stack) => {
        const kmsKeyArns = [secretArn.replace('secretsmanager', 'kms'), ...variable(stack).listValue];
        const props = { functionName: 'rotate', rotation: rotating.rotation, secretNamePrefix: 'app/', kmsKeyArns };
        new RotationFunction(stack, 'rotate', props);
      },
      /The option kmsKeyArns of RotationFunction has a member of a list/,
    ],
    [
      'ports among others',
      (stack) => {
        const targetPorts = [443, ...Token.asNumberList(variable(stack).value)];
        const network = { subnetIds: ['subnet-0123456789abcdef0'], targetPorts };
        new RotatedSecret(stack, 'db', { ...rotating, functionOptions: { network } });
      },
      /The option functionOptions of RotatedSecret has a member of a list/,
    ],
    [
      'subnets among others',
      (stack) => {
        const subnetIds = ['subnet-0123456789abcdef0', ...variable(stack).listValue];
        new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds });
      },
      /The option subnetIds of SecretsManagerEndpoint has a member of a list/,
    ],
    [
      'a reader of a list',
      (stack) => {
        const secret = new StaticSecret(stack, 'key', { name: 'app/key' });
        for (const role of variable(stack).listValue) secret.grantRead(role);
      },
      /The role of grantRead has a member of a list.*or take one member with Fn\.element/,
    ],
    [
      'an id',
      (stack) => void new StaticSecret(stack, variable(stack).stringValue, { name: 'app/key' }),
      /^The id of a construct is only known to Terraform/,
    ],
    [
      'the id of a group',
      (stack) => {
        const group = new Construct(stack, variable(stack).stringValue);
        new RotatedSecret(group, 'db', rotating);
      },
      /^The id of a construct is only known to Terraform/,
    ],
    [
      'a statement',
      (stack) => {
        const { value } = variable(stack);
        new RotatedSecret(stack, 'db', rotating).addToResourcePolicy(unchecked(value));
      },
      /resourcePolicy has a statement number 1 that only Terraform knows/,
    ],
    [
      'the principals of a statement',
      (stack) => {
        const resourcePolicy = [{ ...statement, principals: unchecked(variable(stack).value) }];
        new RotatedSecret(stack, 'db', { ...rotating, resourcePolicy });
      },
      /resourcePolicy has principals in the statement number 1 that only Terraform knows/,
    ],
    [
      'a condition of a statement',
      (stack) => {
        const condition = [unchecked(variable(stack).value)];
        Rotation.custom({ entry, statements: [{ actions: ['sns:Publish'], resources: ['*'], condition }] });
      },
      /Rotation\.custom has condition in the statement number 1 that only Terraform knows/,
    ],
    [
      'a number within a sid',
      (stack) => {
        const sid = `Number${variable(stack).numberValue}`;
        new RotatedSecret(stack, 'db', rotating).addToResourcePolicy({ ...statement, principals, sid });
      },
      /addToResourcePolicy has a text with a number that only Terraform knows/,
    ],
    [
      'the alias of a provider',
      (stack) => {
        const alias = variable(stack).stringValue;
        const provider = new AwsProvider(stack, 'other', { alias, region: 'eu-west-1' });
        new RotatedSecret(stack, 'db', { ...rotating, provider });
      },
      /^The alias of the provider of test\/db is only known to Terraform/,
    ],
    [
      'the value of a variable in the place of the variable',
      (stack) => void fromEnvironment(unchecked(variable(stack).stringValue)),
      /^fromEnvironment takes a TerraformVariable itself/,
    ],
  ])('is refused: %s', (_, declare, message) => {
    const error = refusal(() => synthesize(declare));
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/TfToken|e\+\d{3}/);
  });

  it.each([null, 7])('does not crash the check of a name that is not a string: %s', (name) => {
    expect(
      refusal(() => synthesize((stack) => void new StaticSecret(stack, 'key', { name: unchecked(name) }))),
    ).toEqual(expect.objectContaining({ code: 'NAME', message: "The secret's name is not a string." }));
  });
});

describe('A stack within a stack', () => {
  it('inherits no provider, which Terraform would not find there', () => {
    const stack = synthesize((outer) => {
      setProvider(outer, new AwsProvider(outer, 'ireland', { alias: 'ireland', region: 'eu-west-1' }));
      new RotatedSecret(outer, 'db', rotating);
      const inner = new TerraformStack(outer, 'inner');
      new AwsProvider(inner, 'aws', { region: 'us-east-1' });
      const secret = new StaticSecret(inner, 'key', { name: 'app/key' });
      expect(secret.secret.provider).toBeUndefined();
      inner.prepareStack();
      expect(JSON.stringify(inner.toTerraform())).not.toContain('ireland');
      outer.node.tryRemoveChild('inner');
    });
    expect(blocksOf(stack, 'aws_secretsmanager_secret')).toEqual([
      expect.objectContaining({ provider: 'aws.ireland' }),
    ]);
  });

  it('gets an error if there is no stack', () => {
    expect(() => new RotatedSecret(new App() as unknown as Construct, 'db', rotating)).toThrow(
      /No stack could be identified/,
    );
  });
});
