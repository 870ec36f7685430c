// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { EphemeralVariable, type InitialValue, RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const LITERAL = 'never-in-a-message';

interface Given {
  readonly rotation?: Rotation;
  readonly rotateImmediately?: boolean;
}

/** The stack of one secret whose first value is made in it. */
function stackOf(initial: (stack: TerraformStack) => unknown, given: Given = {}) {
  return synthesize((stack) => {
    new RotatedSecret(stack, 'db', {
      name: 'app/db',
      rotation: Rotation.password(),
      schedule: Schedule.rate({ days: 30 }),
      initial: initial(stack) as InitialValue,
      ...given,
    });
  });
}

function refused(initial: unknown, given?: Given) {
  const error = refusal(() => stackOf(() => initial, given));
  expect(error.code).toBe('INITIAL_VALUE');
  expect(error.message).not.toContain(LITERAL);
  return error.message;
}

function variable(stack: TerraformStack): string {
  return new EphemeralVariable(stack, 'first_password', 'What the database has today').stringValue;
}

function writtenBy(initial: (stack: TerraformStack) => unknown, given?: Given): unknown {
  return blockOf(stackOf(initial, given), 'aws_secretsmanager_secret_version');
}

describe('The initial value of a secret', () => {
  it('accepts a generated field from an ephemeral variable', () => {
    expect(writtenBy((stack) => ({ username: 'app', password: variable(stack) }))).toHaveProperty(
      'secret_string_wo',
      '{"username":"app","password":${jsonencode(var.first_password)}}',
    );
  });

  it('is a whole string from an ephemeral variable', () => {
    const text = { rotation: Rotation.password({ format: 'text' }) };
    expect(writtenBy(variable, text)).toHaveProperty('secret_string_wo', '${var.first_password}');
    expect(writtenBy(variable)).toHaveProperty('secret_string_wo', '${var.first_password}');
  });

  it('may exist before a first rotation that follows the schedule', () => {
    const later = { rotateImmediately: false };
    expect(writtenBy((stack) => ({ password: variable(stack) }), later)).toHaveProperty('secret_string_wo');
    expect(writtenBy(variable, { ...later, rotation: Rotation.password({ format: 'text' }) })).toHaveProperty(
      'secret_string_wo',
    );
  });

  it('may hold 65,536 bytes', () => {
    const note = 'é'.repeat((65_536 - '{"note":""}'.length - 1) / 2);
    expect(writtenBy(() => ({ note: `${note}x` }))).toHaveProperty('secret_string_wo.length');
    expect(refused({ note: `${note}xx` })).toBe(
      "The secret's initial value has 65537 bytes. Secrets Manager accepts at most 65536.",
    );
  });

  it.each(['password', 'api_key'])('has no literal for %s if rotation makes it', (field) => {
    const rotation = Rotation.password({ field: ['password', 'api_key'] });
    const message = refused({ username: 'app', [field]: LITERAL }, { rotation });
    expect(message).toContain(`has a literal for "${field}", which rotation makes`);
    expect(message).toContain('EphemeralVariable');
  });

  it.each<[string, object | undefined, string]>([
    ['/db/password', { db: { password: LITERAL } }, 'has a literal for "/db/password", which rotation makes'],
    ['/db/password', { database: {} }, 'has no object at /db, in which rotation changes /db/password'],
    ['/db/password', { db: null }, 'has no object at /db'],
    ['/db/password', { db: 'text' }, 'has no object at /db'],
    ['/db/password', undefined, 'has no object at /db'],
    ['db.password', { db: { user: 'app' } }, 'has no top-level field "db.password". Write /db/password'],
  ])('is refused if the first rotation would fail: %s in %j', (field, initial, message) => {
    const text = refused(initial, { rotation: Rotation.password({ field }) });
    expect(text).toContain(message);
    expect(text).not.toContain(LITERAL);
  });

  it('holds the object that a JSON Pointer leads into, and an ephemeral value there', () => {
    const rotation = Rotation.password({ field: '/db/password' });
    const nested = { db: { username: 'app' } };
    expect(writtenBy(() => nested, { rotation })).toHaveProperty('secret_string_wo', JSON.stringify(nested));
    const given = writtenBy((stack) => ({ db: { password: variable(stack) } }), { rotation });
    expect(given).toHaveProperty('lifecycle.precondition.length', 2);
    const kept = (stack: TerraformStack) => new TerraformVariable(stack, 'kept', {}).stringValue;
    expect(() => stackOf((stack) => ({ db: { password: kept(stack) } }), { rotation })).toThrow(
      /variable "kept" .* is not ephemeral/,
    );
  });

  it.each([null, '', 0, { nested: LITERAL }, [LITERAL]])('has no %j for a generated field', (password) => {
    expect(refused({ password })).toContain('has a literal for "password"');
  });

  it('is not a literal string', () => {
    expect(refused(LITERAL)).toContain('is a literal string, which would be in the plan');
  });

  it.each([[[LITERAL]], [42], [true]])('is not %j', (initial) => {
    expect(refused(initial)).toContain('is not an object of fields');
  });

  it('is not the object that another secret was made from', () => {
    expect(refused(new Map([['username', LITERAL]]))).toContain('holds a Map, which is not JSON');
  });

  it('has no fields if the secret is one plain string', () => {
    const text = { rotation: Rotation.password({ format: 'text' }) };
    expect(refused({ username: 'app' }, text)).toContain('the secret is one plain string');
  });

  it('has every generated field if the secret does not rotate at once', () => {
    const message = refused({ username: 'app' }, { rotateImmediately: false });
    expect(message).toContain('has no "password", and rotateImmediately is false');
    expect(refused(undefined, { rotateImmediately: false, rotation: Rotation.password({ format: 'text' }) })).toContain(
      'is missing, and rotateImmediately is false',
    );
  });

  it.each([
    ['a field', (value: string) => ({ password: value })],
    ['part of a field', (value: string) => ({ password: `prefix-${value}` })],
    ['the whole value', (value: string) => value],
  ])('accepts %s from no variable that Terraform would keep', (_what, initial) => {
    const kept = (stack: TerraformStack) => new TerraformVariable(stack, 'kept', { sensitive: true }).stringValue;
    expect(() => stackOf((stack) => initial(kept(stack)))).toThrow(/variable "kept" .* is not ephemeral/);
  });

  it('has no precondition if it is a literal', () => {
    expect(writtenBy(() => ({ username: 'app' }))).not.toHaveProperty('lifecycle.precondition');
  });

  it('accepts a public field from an ordinary variable', () => {
    const host = (stack: TerraformStack) => new TerraformVariable(stack, 'host', {}).stringValue;
    expect(writtenBy((stack) => ({ host: host(stack) }))).toHaveProperty(
      'secret_string_wo',
      '{"host":${jsonencode(var.host)}}',
    );
  });
});
