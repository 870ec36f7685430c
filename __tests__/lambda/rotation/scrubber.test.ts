import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RotationError } from '../../../lambda/rotation/rotation-error.ts';
import { Scrubber } from '../../../lambda/rotation/scrubber.ts';
import { decodings } from '../../../testing/decodings.ts';

const scrubberOf = (document: unknown, publicFields?: readonly string[]) => {
  const scrubber = new Scrubber();
  scrubber.learn(document, publicFields);
  return scrubber;
};

describe('Scrubber', () => {
  const secret = 'p%s "w\\ord+/=';

  it.each([
    ['as it is', secret],
    ['as JSON writes it', JSON.stringify(secret)],
    ['as a URL writes it', `postgres://app:${encodeURIComponent(secret)}@db`],
    ['as a form writes it', new URLSearchParams({ password: secret }).toString()],
    ['as Base64', Buffer.from(secret).toString('base64')],
  ])('removes a value %s', (_form, text) => {
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
    expect(scrubberOf(['s', 'rub', 'longer']).clean('a longer test')).toBe('a [scrubbed] test');
  });

  it('removes values at any depth', () => {
    expect(scrubberOf({ a: [{ b: { c: 'deep' } }] }).clean('so deep')).toBe('so [scrubbed]');
  });

  it('removes the longer of two overlapping values, so that nothing of it is left', () => {
    expect(scrubberOf(['abc', 'abcdef']).clean('abcdef')).toBe('[scrubbed]');
  });

  it('leaves public fields, but only at the top level', () => {
    const scrubber = scrubberOf({ host: 'db.local', inner: { host: 'hidden' } }, ['host']);
    expect(scrubber.clean('db.local hidden')).toBe('db.local [scrubbed]');
  });

  it('removes a public value if a secret field also has it', () => {
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

  it('shows each of several errors, such as those of a host with two addresses', () => {
    const both = new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]);
    const clean = new Scrubber().error(new Error('no connection', { cause: both }), 'NETWORK');
    expect(clean.message).toBe('no connection ← AggregateError ← refused by ::1 ← refused by 127.0.0.1');
  });

  it.each([
    ['a string', 'hunter2!', '[scrubbed]!'],
    ['nothing', undefined, 'nothing'],
    ['an object', { query: 'hunter2' }, 'an object'],
    ['an object with a message', { message: 'hunter2!' }, '[scrubbed]!'],
  ])('makes an error from %s that was thrown', (_what, thrown, message) => {
    expect(scrubberOf(['hunter2']).error(thrown, 'INTERNAL').message).toBe(message);
  });

  it('drops what a driver attaches to its errors', () => {
    const caught = Object.assign(new Error('refused'), { query: "ALTER USER app PASSWORD 'hunter2'" });
    expect(JSON.stringify(scrubberOf({ password: 'hunter2' }).error(caught, 'INTERNAL'))).not.toContain('hunter2');
  });

  it('handles half a surrogate pair', () => {
    expect(scrubberOf({ password: '\ud800x' }).clean('got \ud800x')).toBe('got [scrubbed]');
  });

  it('cleans the strings in log details and keeps their shape', () => {
    const details = { attempts: 2, said: ['hunter2!', null], by: { hunter2: true } };
    expect(scrubberOf(['hunter2']).cleanDetails(details)).toEqual({
      attempts: 2,
      said: ['[scrubbed]!', null],
      by: { '[scrubbed]': true },
    });
  });

  it('removes each line of a multi-line value, but not the lines that every key has', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nshort\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n';
    const { clean } = bound(scrubberOf({ key }));
    expect(clean('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
    expect(clean('first MIIEvQIBADANBgkq, then hkiG9w0BAQEFAASC')).toBe('first [scrubbed], then [scrubbed]');
    expect(clean('a short one')).toBe('a short one');
    expect(clean(`<${key.trim()}>`)).toBe('<[scrubbed]>');
  });

  it('removes long numbers, but not ports and other short numbers', () => {
    const scrubber = scrubberOf({ port: 5_432, pin: 12_345_678, id: 9_007_199_254_740_993n });
    expect(scrubber.clean('5432 12345678 9007199254740993')).toBe('5432 [scrubbed] [scrubbed]');
    expect(scrubber.cleanDetails({ port: 5_432, pin: 12_345_678 })).toEqual({ port: 5_432, pin: '[scrubbed]' });
  });

  it('removes a very short value as a word, but does not cut it out of other words', () => {
    const scrubber = scrubberOf({ key: 'x' });
    expect(scrubber.clean('The service refused x. Expected 200, got "x".')).toBe(
      'The service refused [scrubbed]. Expected 200, got "[scrubbed]".',
    );
  });

  it('removes a short value as written, but not its other encodings', () => {
    const { clean } = bound(scrubberOf({ password: 'a/b c' }));
    expect(clean('<a/b c> <a%2Fb%20c>')).toBe('<[scrubbed]> <a%2Fb%20c>');
  });

  it('removes what is inside a value that is JSON, and the password of a URL', () => {
    const document = { key: '{"private":"hunter2-hunter2"}', url: 'postgres://app:p%20ss-word@db:5432/x' };
    const { clean } = bound(scrubberOf(document));
    expect(clean('hunter2-hunter2')).toBe('[scrubbed]');
    expect(clean('p%20ss-word, which is p ss-word')).toBe('[scrubbed], which is [scrubbed]');
    expect(clean('postgres://db:5432/x')).toBe('postgres://db:5432/x');
  });

  it('removes what a schema made of a value: bytes, a URL, a map, a ring', () => {
    const ring: Record<string, unknown> = { inner: 'deep-in-a-ring' };
    ring.self = ring;
    const made = { bytes: Buffer.from('made-into-bytes'), url: new URL('https://u:made-into-a-url@h'), ring };
    const { clean } = bound(scrubberOf({ ...made, map: new Map([['k', new Set(['in-a-map-in-a-set'])]]) }));
    for (const text of ['made-into-bytes', 'made-into-a-url', 'deep-in-a-ring', 'in-a-map-in-a-set'])
      expect(clean(text)).toBe('[scrubbed]');
  });

  it.each([0, 1, 2, 3, 4, 5])('finds a value in Base64 behind %i other bytes, and leaves none of it', (before) => {
    const value = 'hunter2-hunter2';
    for (const after of ['', 'x', 'xy', 'xyz']) {
      const text = Buffer.from('u'.repeat(before) + value + after).toString('base64');
      const [start, end, ...others] = scrubberOf([value]).clean(`<${text}>`).split('[scrubbed]');
      expect(others).toEqual([]);
      // What is left is written with other bytes than those of the value.
      expect((start?.length ?? 0) - 1).toBeLessThanOrEqual((before * 8) / 6);
      expect(end?.replace(/=*>$/, '').length ?? 0).toBeLessThanOrEqual(Math.ceil((after.length * 8) / 6));
    }
  });

  it('finds any value in any encoding, at any position', () => {
    const writings = [
      (value: string) => value,
      (value: string) => JSON.stringify(JSON.stringify({ value })),
      (value: string) =>
        encodeURIComponent(value)
          .toLowerCase()
          .replaceAll(/%../g, (code) => code.toUpperCase()),
      (value: string) => String(new URLSearchParams({ value })),
      (value: string) => Buffer.from(`app:${value}`).toString('base64url'),
      (value: string) => Buffer.from(value).toString('hex'),
      (value: string) => value.split('\n').join('\n    '),
    ];
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, unit: 'binary' }),
        fc.constantFrom(...writings.slice(0, 2)),
        (value, write) => {
          const text = `${write(value)}!`;
          expect(scrubberOf({ value }).clean(text)).toContain('[scrubbed]');
          expect(decodings(scrubberOf({ value }).clean(text)).filter((read) => read.includes(value))).toEqual([]);
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: 'grapheme' }), fc.constantFrom(...writings), (value, write) => {
        fc.pre(!/[A-Z]/.test(value) || write !== writings[2]);
        const cleaned = scrubberOf({ value }).clean(`<${write(value)}>`);
        expect(decodings(cleaned).filter((read) => read.includes(value))).toEqual([]);
      }),
    );
  });

  it('masks a value with the same number of bytes, and leaves short values', () => {
    const scrubber = scrubberOf({ password: 'gödel-gödel', pin: '1234' });
    expect(scrubber.mask('<gödel-gödel> 1234')).toBe('<*************> 1234');
    expect(scrubber.isClean('1234')).toBe(true);
    expect(scrubber.isClean('gödel-gödel')).toBe(false);
  });

  it('forgets only the oldest values once there are very many', () => {
    const scrubber = scrubberOf({ first: 'the-very-first-value', short: 'abc' });
    for (let nth = 0; nth < 130; nth += 1) scrubber.learn([`${nth}-${'x'.repeat(4_000)}`, `s${nth}`]);
    scrubber.learn({ last: 'the-very-last-value' });
    expect(scrubber.clean('the-very-first-value abc')).toBe('the-very-first-value abc');
    expect(scrubber.clean('the-very-last-value s129')).toBe('[scrubbed] [scrubbed]');
    expect(scrubber.clean(`129-${'x'.repeat(4_000)}`)).toBe('[scrubbed]');
  });

  it('keeps a value that is learned repeatedly, however many others come between', () => {
    const scrubber = scrubberOf([]);
    for (let nth = 0; nth < 130; nth += 1) {
      scrubber.learn(['the-value-of-today', 'abc']);
      scrubber.learn([`${nth}-${'x'.repeat(4_000)}`, `s${nth}`]);
    }
    expect(scrubber.clean('the-value-of-today abc')).toBe('[scrubbed] [scrubbed]');
  });

  it('cleans log details that JSON cannot represent', () => {
    const ring: Record<string, unknown> = { value: 'hunter2-hunter2' };
    ring.self = ring;
    const { clean } = bound(scrubberOf(['hunter2-hunter2']));
    const cleaned = scrubberOf(['hunter2-hunter2']).cleanDetails({ ring, id: 1n });
    expect(cleaned).toEqual({ details: expect.stringContaining("value: '[scrubbed]'") });
    expect(clean(JSON.stringify(cleaned))).toBe(JSON.stringify(cleaned));
  });
});

const bound = (scrubber: Scrubber) => ({ clean: (text: string) => scrubber.clean(text) });
