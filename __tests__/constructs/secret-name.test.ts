import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { RotatedSecret, type RotatedSecretProps, Rotation, Schedule } from '../../constructs/index.ts';
import { rotationFunctionName } from '../../constructs/secret/secret-name.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

function declare(name: Partial<RotatedSecretProps>, warnings: string[] = []) {
  return synthesize((stack) => {
    const rotation = Rotation.password();
    const secret = new RotatedSecret(stack, 'db', { rotation, schedule: Schedule.rate({ days: 30 }), ...name });
    warnings.push(...secret.node.metadata.map(({ data }) => data));
  });
}

describe("A secret's name", () => {
  it.each(['a', 'app/db', 'A-Z_a+z=0.9@x/y', 'x'.repeat(512)])('may be %s', (name) => {
    expect(blockOf(declare({ name }), 'aws_secretsmanager_secret')).toMatchObject({ name });
  });

  it.each([
    ['app db', '" "'],
    ['app\\db', '"\\\\"'],
    ['app:db', '":"'],
    ['Zoë', '"ë"'],
    ['app\n', '"\\n"'],
    ['🔑', '"🔑"'],
  ])('is not %j', (name, character) => {
    for (const given of [{ name }, { namePrefix: name }]) {
      const error = refusal(() => declare(given));
      expect(error.code).toBe('NAME');
      expect(error.message).toContain(
        `has the character ${character}. Expected ASCII letters, digits and any of -/_+=.@`,
      );
    }
  });

  it('is not empty', () => {
    expect(refusal(() => declare({ name: '' })).message).toContain('is empty');
  });

  it('has at most 512 characters, and a prefix leaves room for what Terraform adds', () => {
    expect(refusal(() => declare({ name: 'x'.repeat(513) })).message).toContain(
      'has 513 characters. Expected at most 512',
    );
    expect(refusal(() => declare({ namePrefix: 'x'.repeat(487) })).message).toContain(
      'has 487 characters. Expected at most 486',
    );
    expect(() => declare({ namePrefix: 'x'.repeat(486) })).not.toThrow();
  });

  it('causes a warning if it looks like the end of an ARN', () => {
    const warnings: string[] = [];
    declare({ name: 'app/db-master' }, warnings);
    expect(warnings).toEqual([expect.stringContaining('cannot find such a secret by a partial ARN')]);
    declare({ name: 'app/db-primary' }, warnings);
    expect(warnings).toHaveLength(1);
  });
});

describe("A secret's name in two stacks of one app", () => {
  /** What synth warns of in the second stack. */
  function warnings(declareIn: (stack: TerraformStack) => RotatedSecret): string[] {
    const app = new App();
    const [, second] = ['live', 'spare'].map((id) => declareIn(new TerraformStack(app, id)));
    return (second as RotatedSecret).node
      .findAll()
      .flatMap(({ node }) => node.metadata.map(({ data }) => String(data)))
      .filter((text) => text.includes('also has a secret'));
  }
  const props = { rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };

  it('causes a warning that names the other stack', () => {
    expect(warnings((stack) => new RotatedSecret(stack, 'db', { name: 'app/db', ...props }))).toEqual([
      expect.stringContaining('The stack live also has a secret named "app/db".'),
    ]);
  });

  it('causes none if the stacks are of two regions', () => {
    const declareIn = (stack: TerraformStack) => {
      new AwsProvider(stack, 'aws', { region: stack.node.id === 'live' ? 'eu-central-1' : 'us-east-1' });
      return new RotatedSecret(stack, 'db', { name: 'app/db', ...props });
    };
    expect(warnings(declareIn)).toEqual([]);
  });

  it('causes none if only Terraform knows it, or if the names differ', () => {
    const ofVariable = (stack: TerraformStack) => {
      const name = `${new TerraformVariable(stack, 'environment', {}).stringValue}/db`;
      return new RotatedSecret(stack, 'db', { name, ...props });
    };
    expect(warnings(ofVariable)).toEqual([]);
    expect(warnings((stack) => new RotatedSecret(stack, 'db', { name: `${stack.node.id}/db`, ...props }))).toEqual([]);
  });
});

describe("A rotation function's name", () => {
  it.each([
    ['app/db', 'rotate-app-db'],
    ['a.b+c=d@e_f', 'rotate-a-b-c-d-e_f'],
    ['app/', 'rotate-app'],
  ])('of %s is %s', (secretName, functionName) => {
    expect(rotationFunctionName(secretName)).toBe(functionName);
  });

  it('has at most 64 characters and stays unique', () => {
    const [one = '', other = ''] = ['1', '2'].map((end) => rotationFunctionName('x'.repeat(100) + end));
    expect(one).toMatch(/^[\w-]{64}$/);
    expect(other).not.toBe(one);
    expect(rotationFunctionName('x'.repeat(57))).toBe(`rotate-${'x'.repeat(57)}`);
  });

  it('is made by Terraform if only Terraform knows the name of the secret', () => {
    const stack = synthesize((scope) => {
      const name = `${new TerraformVariable(scope, 'environment', {}).stringValue}/db`;
      new RotatedSecret(scope, 'db', { name, rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) });
    });
    const name = 'join("", [var.environment, "/db"])';
    expect(blockOf(stack, 'aws_lambda_function').function_name).toBe(
      `rotate-\${substr(replace(${name}, "/[^A-Za-z0-9_-]+/", "-"), 0, 48)}-\${substr(sha256(${name}), 0, 8)}`,
    );
  });
});
