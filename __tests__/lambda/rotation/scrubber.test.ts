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
    ['as Base64', Buffer.from(secret).toString('base64')],
  ])('takes a value out %s', (_form, text) => {
    const cleaned = scrubberOf({ password: secret }).clean(`refused: ${text}`);
    expect(cleaned).toContain('[scrubbed]');
    expect(cleaned).not.toContain(secret);
    expect(cleaned).not.toContain('w\\');
    expect(cleaned).not.toContain('%22w');
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
    expect(`${clean.message}${clean.stack}${String(clean.cause)}`).not.toContain('hunter2');
    expect(clean.cause).toBe('Error: driver: [scrubbed] ← Error: socket said [scrubbed]');
  });

  it('drops what a driver hangs on its errors', () => {
    const caught = Object.assign(new Error('refused'), { query: "ALTER USER app PASSWORD 'hunter2'" });
    expect(JSON.stringify(scrubberOf({ password: 'hunter2' }).error(caught, 'INTERNAL'))).not.toContain('hunter2');
  });

  it('does not choke on half a surrogate pair', () => {
    expect(scrubberOf({ password: '\ud800x' }).clean('got \ud800x')).toBe('got [scrubbed]');
  });

  it('cleans the strings of log details and keeps their shape', () => {
    expect(scrubberOf(['hunter2']).cleanDetails({ attempts: 2, said: ['hunter2!'] })).toEqual({
      attempts: 2,
      said: ['[scrubbed]!'],
    });
  });
});
