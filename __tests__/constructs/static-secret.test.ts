// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { Fn, ref, TerraformLocal, type TerraformStack, TerraformVariable, Token } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  EphemeralVariable,
  type InitialValue,
  RotatedSecret,
  Rotation,
  Schedule,
  StaticSecret,
  type StaticSecretProps,
} from '../../constructs/index.ts';
import { localAws } from '../../local/local-aws.ts';
import { deleteSecret } from '../../local/secrets-manager/delete-secret.ts';
import { startInProcess } from '../../testing/in-process-function.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blockOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const LITERAL = 'never-in-a-message';

type Given = Omit<StaticSecretProps, 'name'>;

function stackOf(given: (stack: TerraformStack) => Given): StackJson {
  return synthesize((stack) => {
    new StaticSecret(stack, 'client', { name: 'app/client', ...given(stack) });
  });
}

function variable(stack: TerraformStack): string {
  return new EphemeralVariable(stack, 'client_secret', 'As the console shows it').stringValue;
}

function refused(given: object): string {
  const error = refusal(() => stackOf(() => given));
  expect(error.code).toBe('INITIAL_VALUE');
  expect(error.message).not.toContain(LITERAL);
  return error.message;
}

describe('StaticSecret', () => {
  it('is a secret without a version or a function if no value is given', () => {
    const stack = stackOf(() => ({ description: 'Of the web', recoveryWindowDays: 7, tags: { team: 'web' } }));
    expect(Object.keys(stack.resource)).toEqual(['aws_secretsmanager_secret']);
    expect(blockOf(stack, 'aws_secretsmanager_secret')).toEqual({
      name: 'app/client',
      description: 'Of the web',
      recovery_window_in_days: 7,
      tags: { team: 'web' },
      lifecycle: { create_before_destroy: true },
    });
    expect(stack.terraform).toMatchObject({ required_version: '>= 1.11.0' });
  });

  it('writes a value once, into no state, without naming AWSCURRENT', () => {
    const stack = stackOf((scope) => ({ initial: variable(scope) }));
    expect(blockOf(stack, 'aws_secretsmanager_secret_version')).toEqual({
      secret_id: expect.stringMatching(/^\$\{aws_secretsmanager_secret\.\w+\.id\}$/),
      secret_string_wo: '${var.client_secret}',
      secret_string_wo_version: 1,
      version_stages: ['TERRAFORM_INITIAL'],
      lifecycle: {
        ignore_changes: ['secret_id', 'secret_string_wo_version', 'version_stages'],
        replace_triggered_by: [expect.stringMatching(/^aws_secretsmanager_secret\.\w+\.name$/)],
        precondition: [
          { condition: expect.stringContaining('data.aws_secretsmanager_secrets.'), error_message: expect.any(String) },
          { condition: expect.stringContaining('.versions[0]'), error_message: expect.any(String) },
        ],
      },
    });
  });

  it.each<[what: string, initial: (value: string) => InitialValue]>([
    ['the whole value', (value) => value],
    ['a field', (value) => ({ key: value })],
    ['part of a field', (value) => ({ key: `key-${value}` })],
    ['a field of JSON', (value) => Fn.jsonencode({ key: value })],
    ['a joined field', (value) => ({ key: Fn.join('-', ['v1', value]) })],
  ])('writes no value while the variable for %s is not given, and names it', async (_what, initial) => {
    const aws = await localAws({ startFunction: startInProcess });
    const deployed = (value?: string) => {
      const declare = (scope: TerraformStack) => {
        new StaticSecret(scope, 'client', { name: 'app/client', initial: initial(variable(scope)) });
      };
      return deployStack(aws.account, declare, value === undefined ? {} : { client_secret: value });
    };
    for (const none of [undefined, '']) {
      await expect(deployed(none)).rejects.toMatchObject({
        code: 'PRECONDITION',
        message: expect.stringMatching(/no value yet.* Set TF_VAR_client_secret for this plan and apply/),
      });
      expect(aws.account.secrets.find('app/client')?.versions.size).toBe(0);
      deleteSecret({ SecretId: 'app/client', ForceDeleteWithoutRecovery: true }, aws.account);
    }
    await deployed('given');
    expect(aws.account.secrets.find('app/client')?.versions.size).toBe(1);
    await aws.close();
  });

  it('needs each variable of a value, through local values, too', () => {
    const stack = stackOf((scope) => {
      const other = new EphemeralVariable(scope, 'other', 'For a test').stringValue;
      const object = new TerraformLocal(scope, 'object', { key: variable(scope), other });
      return { initial: { db: object.asAnyMap } };
    });
    const { lifecycle } = blockOf(stack, 'aws_secretsmanager_secret_version');
    expect(lifecycle).toMatchObject({
      precondition: Array(2).fill({
        condition: expect.stringContaining(
          '[coalesce(local.object), coalesce(var.client_secret), coalesce(var.other)]',
        ),
        error_message: expect.stringContaining('Set TF_VAR_client_secret, TF_VAR_other for this plan'),
      }),
    });
  });

  it('names no variable where the value comes from none', () => {
    const stack = stackOf(() => ({ initial: { key: Token.asString(ref('module.vault.key')) } }));
    const { lifecycle } = blockOf(stack, 'aws_secretsmanager_secret_version');
    expect(lifecycle).toHaveProperty('precondition.0.error_message', expect.stringContaining('Set it for this plan'));
  });

  it('writes fields, and accepts literals for those that are named public', () => {
    const stack = stackOf((scope) => ({
      initial: { client_id: 'my-app', scopes: ['read'], client_secret: variable(scope) },
      publicFields: ['client_id', 'scopes'],
    }));
    expect(blockOf(stack, 'aws_secretsmanager_secret_version')).toHaveProperty(
      'secret_string_wo',
      '{"client_id":"my-app","scopes":["read"],"client_secret":${jsonencode(var.client_secret)}}',
    );
  });

  it('refuses a literal as the whole value', () => {
    expect(refused({ initial: LITERAL })).toContain('is a literal string, which would be in the plan');
  });

  it.each([LITERAL, '', 0, null, { nested: LITERAL }, [LITERAL]])('refuses %j in a field', (value) => {
    const message = refused({ initial: { client_id: 'my-app', client_secret: value }, publicFields: ['client_id'] });
    expect(message).toContain('has a literal for "client_secret"');
    expect(message).toContain('publicFields');
  });

  it.each([[[LITERAL]], [42], [null]])('refuses %j as a value', (initial) => {
    expect(refused({ initial })).toContain('is not an object of fields');
  });

  it('accepts no secret field from a variable that Terraform would keep', () => {
    const kept = (stack: TerraformStack) => new TerraformVariable(stack, 'kept', { sensitive: true }).stringValue;
    expect(() => stackOf((stack) => ({ initial: { key: kept(stack) } }))).toThrow(/"kept" .* is not ephemeral/);
    expect(() => stackOf((stack) => ({ initial: { host: kept(stack) }, publicFields: ['host'] }))).not.toThrow();
  });

  it.each([
    ['a misspelt option', { recoveryWindow: 7 }, 'OPTIONS', 'StaticSecret has no option "recoveryWindow"'],
    ['a key by its alias', { kmsKeyArn: 'alias/db' }, 'OPTIONS', 'kmsKeyArn is "alias/db"'],
    ['a rotation', { rotation: {} }, 'OPTIONS', 'no option "rotation"'],
    ['no name', { name: undefined }, 'NAME', 'found neither'],
  ])('refuses %s', (_what, given, code, message) => {
    expect(refusal(() => stackOf(() => given as Given))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('keeps secret and version in place when it becomes one that rotates', () => {
    const rotation = Rotation.password({ field: 'client_secret' });
    const rotated = synthesize((scope) => {
      const initial = { client_id: 'my-app', client_secret: variable(scope) };
      const schedule = Schedule.rate({ days: 30 });
      new RotatedSecret(scope, 'client', { name: 'app/client', initial, rotation, schedule });
    });
    const fixed = stackOf((scope) => ({
      initial: { client_id: 'my-app', client_secret: variable(scope) },
      publicFields: ['client_id'],
    }));
    expect(rotated.resource).toMatchObject(fixed.resource);
  });
});
