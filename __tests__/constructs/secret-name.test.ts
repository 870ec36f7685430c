import { TerraformVariable } from 'cdktf';
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
