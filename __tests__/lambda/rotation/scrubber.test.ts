import { describe, expect, it } from 'vitest';
import { RotationError } from '../../../lambda/rotation/rotation-error.ts';
import { Scrubber } from '../../../lambda/rotation/scrubber.ts';

const scrubberOf = (document: unknown, publicFields?: readonly string[]) => {
  const scrubber = new Scrubber();
  scrubber.learn(document, publicFields);
  return scrubber;
};

describe('Scrubber', () => {
  const secret = 'p%s "w\\ord+/=';

  it.each([
    ['as it stands', secret],
    ['as JSON writes it', JSON.stringify(secret)],
    ['as a URL writes it', `postgres://app:${encodeURIComponent(secret)}@db`],
    ['as a form writes it', new URLSearchParams({ password: secret }).toString()],
    ['as Base64', Buffer.from(secret).toString('base64')],
  ])('takes a value out %s', (_form, text) => {
    const cleaned = scrubberOf({ password: secret }).clean(`refused: ${text}`);
    expect(cleaned).toContain('[scrubbed]');
    expect(cleaned).not.toContain(secret);
    expect(cleaned).not.toContain('w\\');
    expect(cleaned).not.toContain('%22w');
  });

  it('leaves nothing of values that overlap in the text', () => {
    expect(scrubberOf(['abcd', 'cdef']).clean('<abcdef>')).toBe('<[scrubbed]>');
  });

  it('does not read its own marker as a value', () => {
    expect(scrubberOf(['s', 'rub', 'longer']).clean('a longer test')).toBe('a [scrubbed] te[scrubbed]t');
  });

  it('takes out values however deep they stand', () => {
    expect(scrubberOf({ a: [{ b: { c: 'deep' } }] }).clean('so deep')).toBe('so [scrubbed]');
  });

  it('takes out the longer of two values that overlap, so that nothing of it is left', () => {
    expect(scrubberOf(['abc', 'abcdef']).clean('abcdef')).toBe('[scrubbed]');
  });

  it('leaves public fields, but only at the top level', () => {
    const scrubber = scrubberOf({ host: 'db.local', inner: { host: 'hidden' } }, ['host']);
    expect(scrubber.clean('db.local hidden')).toBe('db.local [scrubbed]');
  });

  it('takes a public value out all the same where a secret field has it too', () => {
    expect(scrubberOf({ username: 'app', password: 'app' }, ['username']).clean('app')).toBe('[scrubbed]');
  });

  it('cleans the message, the stack and the whole chain of causes of an error', () => {
    const root = new Error('socket said hunter2');
    const caught = new TypeError('login with hunter2 failed', { cause: new Error('driver: hunter2', { cause: root }) });
    const clean = scrubberOf({ password: 'hunter2' }).error(caught, 'AUTHENTICATION');
    expect(clean).toBeInstanceOf(RotationError);
    expect(clean.code).toBe('AUTHENTICATION');
    expect(clean.message).toBe('login with [scrubbed] failed ← driver: [scrubbed] ← socket said [scrubbed]');
    expect(clean.stack).toMatch(/^TypeError: login with \[scrubbed\] failed\n {4}at /);
    expect(clean.cause).toBeUndefined();
  });

  it('shows each error of several, such as those of a host with two addresses', () => {
    const both = new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]);
    const clean = new Scrubber().error(new Error('no connection', { cause: both }), 'NETWORK');
    expect(clean.message).toBe('no connection ← AggregateError ← refused by ::1 ← refused by 127.0.0.1');
  });

  it.each([
    ['a string', 'hunter2!', '[scrubbed]!'],
    ['nothing', undefined, 'nothing'],
    ['an object', { query: 'hunter2' }, 'an object'],
    ['an object with a message', { message: 'hunter2!' }, '[scrubbed]!'],
  ])('makes an error of %s that was thrown', (_what, thrown, message) => {
    expect(scrubberOf(['hunter2']).error(thrown, 'INTERNAL').message).toBe(message);
  });

  it('drops what a driver hangs on its errors', () => {
    const caught = Object.assign(new Error('refused'), { query: "ALTER USER app PASSWORD 'hunter2'" });
    expect(JSON.stringify(scrubberOf({ password: 'hunter2' }).error(caught, 'INTERNAL'))).not.toContain('hunter2');
  });

  it('does not choke on half a surrogate pair', () => {
    expect(scrubberOf({ password: '\ud800x' }).clean('got \ud800x')).toBe('got [scrubbed]');
  });

  it('cleans the strings of log details and keeps their shape', () => {
    const details = { attempts: 2, said: ['hunter2!', null], by: { hunter2: true } };
    expect(scrubberOf(['hunter2']).cleanDetails(details)).toEqual({
      attempts: 2,
      said: ['[scrubbed]!', null],
      by: { '[scrubbed]': true },
    });
  });
});
